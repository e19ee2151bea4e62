namespace Skerry.Apps.KernelFuzz;

/// <summary>What C# can't say: a function that keeps values in x87 and vector registers, with no system call in between.</summary>
internal static unsafe class MachineCode
{
    /// <summary>
    /// Writes it. rdi: a value; rsi: an address whose page may be missing. It leaves 0 in rax if the registers kept the value. Another
    /// thread that changes this one's registers sets its instruction pointer too, and does not come back here.
    /// </summary>
    /// <remarks>
    /// <code>
    ///   664c0f6eff       movq xmm15, rdi
    ///   dbe3             fninit
    ///   57               push rdi
    ///   df2c24           fild qword [rsp]
    ///   488b06           mov rax, [rsi]
    ///   b9e8030000       mov ecx, 1000
    ///   ffc9             dec ecx
    ///   75fc             jnz to the dec
    ///   488b06           mov rax, [rsi]
    ///   df3c24           fistp qword [rsp]
    ///   58               pop rax
    ///   4831f8           xor rax, rdi
    ///   664c0f7efa       movq rdx, xmm15
    ///   4831fa           xor rdx, rdi
    ///   4809d0           or rax, rdx
    ///   c3               ret
    /// </code>
    /// </remarks>
    public static void Write(byte* page)
    {
        var words = (ulong*)page;
        words[0] = 0x57e3dbff6e0f4c66;
        words[1] = 0xe8b9068b48242cdf;
        words[2] = 0x48fc75c9ff000003;
        words[3] = 0x314858243cdf068b;
        words[4] = 0x3148fa7e0f4c66f8;
        words[5] = 0x909090c3d00948fa;
    }
}
