using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>
/// What debugged threads need: a door for their system calls that leads to no fastpath, the door of debug exceptions, and
/// the instructions for the debug registers (Intel SDM vol. 3B, chapter 18).
/// </summary>
internal static class DebugStubs
{
    // The hardware's frame.
    private const int PointerOffset = 0;
    private const int CodeSegmentOffset = 8;
    private const int FlagsOffset = 16;
    private const int StackOffset = 24;

    /// <summary>Interrupts on; bit 1 is always set (Intel SDM vol. 1, 3.4.3).</summary>
    private const int UserFlags = 0x202;

    public static void Write(StubFile file, DoorVariant variant) =>
        file.Door(variant.Name(EntryNames.SystemCallEntryDebugged), Entry(variant), StubFrame.SystemCall);

    public static void WriteInstructions(StubFile file)
    {
        file.Function(EntryPoints.HardwareLoadDebugRegisters, LoadRegisters());
        file.Function(EntryPoints.HardwareTakeDebugCause, TakeCause());
    }

    /// <summary>All that SystemCallEntry does with a call that a fastpath declined; registers as there.</summary>
    private static StubCode Entry(DoorVariant variant)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.swapgs();
        RootCode.EnterKernel(a, variant, rdx);
        EntryHooks.SystemCall(a, variant);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rsp], rsp);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rip], rcx);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rax], rax);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rdi], rdi);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rbx], rbx);
        a.mov(__qword_ptr[rdx + ThreadLayout.R12], r12);
        a.mov(__qword_ptr[rdx + ThreadLayout.R13], r13);
        a.mov(__qword_ptr[rdx + ThreadLayout.R14], r14);
        a.mov(__qword_ptr[rdx + ThreadLayout.R15], r15);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
        a.xor(ebp, ebp);
        a.call(code.Target(EntryPoints.SystemCallsEnter));
        a.jmp(code.Target(variant.Name(EntryNames.Resume)));
        return code;
    }

    /// <summary>
    /// On a stack of its own: a data breakpoint on the stack of user mode, hit by an instruction that holds back exceptions
    /// (MOV SS, POP SS) before a SYSCALL, strikes at the kernel's first instruction, where rsp and GS are still the user's.
    /// There it has nothing to say; it is a trap, so the kernel goes on behind it.
    /// </summary>
    /// <remarks>
    /// A second exception at this door's own first instructions lays its frame over the first: whoever returned by it would
    /// come back here for ever. QEMU 7.2 does so, seldom, behind a locked instruction that hits a data breakpoint. Then rsp,
    /// rip and the flags of what was interrupted are gone. It was user mode, or a system call's first instruction, so the
    /// thread tells its fault with an instruction pointer of 0.
    /// </remarks>
    public static StubCode DebugVector(DoorVariant variant)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label fromKernel = a.CreateLabel();
        Label fromUser = a.CreateLabel();
        Label fromOutside = a.CreateLabel();
        a.test(__byte_ptr[rsp + CodeSegmentOffset], 3);
        a.je(fromKernel);
        a.Label(ref fromUser);
        a.push(0);
        a.push(Vectors.Debug);
        a.jmp(code.Target(variant.Name(EntryNames.TrapCommon)));
        a.Label(ref fromKernel);
        a.cmp(__qword_ptr[rsp + StackOffset], rsp);
        a.jne(fromOutside);
        a.mov(__qword_ptr[rsp + PointerOffset], 0);
        a.mov(__qword_ptr[rsp + CodeSegmentOffset], Selectors.UserCode);
        a.mov(__qword_ptr[rsp + FlagsOffset], UserFlags);
        a.mov(__qword_ptr[rsp + StackOffset], 0);
        a.jmp(fromUser);
        a.Label(ref fromOutside);
        a.push(rax);
        a.xor(eax, eax);
        a.mov(dr6, rax);
        a.pop(rax);
        a.iretq();
        return code;
    }

    /// <summary>rdi: the four addresses; rsi: DR7.</summary>
    private static StubCode LoadRegisters()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.xor(eax, eax);
        a.mov(dr7, rax);
        a.mov(rax, __qword_ptr[rdi]);
        a.mov(dr0, rax);
        a.mov(rax, __qword_ptr[rdi + 8]);
        a.mov(dr1, rax);
        a.mov(rax, __qword_ptr[rdi + 16]);
        a.mov(dr2, rax);
        a.mov(rax, __qword_ptr[rdi + 24]);
        a.mov(dr3, rax);
        a.mov(dr7, rsi);
        a.ret();
        return code;
    }

    /// <summary>DR6, which the processor only ever adds to; it is cleared.</summary>
    private static StubCode TakeCause()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(rax, dr6);
        a.xor(ecx, ecx);
        a.mov(dr6, rcx);
        a.ret();
        return code;
    }
}
