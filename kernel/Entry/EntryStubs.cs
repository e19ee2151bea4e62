using Iced.Intel;
using Skerry.Abi.Boot;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>Where bootstrap enters the kernel.</summary>
internal static class EntryStubs
{
    // CR0 (Intel SDM vol. 3A, 2.5): protection, monitor coprocessor, numeric errors, write protection, paging.
    private const int ControlRegister0 = unchecked((int)0x8001_0023);

    public static void Write(StubFile file) => file.Door(EntryNames.KernelEntry, KernelEntry(), StubFrame.Unknown);

    /// <summary>rdi: BootInformation in the direct map; rsi: index of this CPU; rsp: end of its kernel stack.</summary>
    private static StubCode KernelEntry()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(r11, ImageMark.Kernel);
        a.cli();
        // All other flags, as FrameCode.Save has them.
        a.push(2);
        a.popfq();
        a.mov(eax, ControlRegister0);
        a.mov(cr0, rax);
        a.xor(ebp, ebp);
        a.sub(rsp, StackLayout.Head);
        a.call(code.Target(EntryPoints.KernelStartMain));
        a.ud2();
        return code;
    }
}
