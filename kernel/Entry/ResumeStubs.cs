using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>The one door out of the slow paths, and the wait for interrupts.</summary>
internal static class ResumeStubs
{
    public static void Write(StubFile file, DoorVariant variant)
    {
        file.Function(variant.Name(EntryNames.ResumeThread), ResumeThread(variant));
        file.Door(variant.Name(EntryNames.SwitchAndResume), SwitchAndResume(variant), StubFrame.OfThread);
        file.Door(variant.Name(EntryNames.Resume), Resume(variant), StubFrame.OfThread);
    }

    public static void WriteIdle(StubFile file) => file.Function(EntryPoints.HardwareIdle, Idle());

    /// <summary>From C#: rdi is the thread. Resume begins on an empty stack.</summary>
    private static StubCode ResumeThread(DoorVariant variant)
    {
        var code = new StubCode();
        code.Assembler.mov(rax, rdi);
        code.Assembler.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        code.Assembler.jmp(code.Target(variant.Name(EntryNames.Resume)));
        return code;
    }

    /// <summary>rax: the thread, whose address space may not be loaded.</summary>
    private static StubCode SwitchAndResume(DoorVariant variant)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label sameSpace = a.CreateLabel();
        EntryHooks.Switches(code, variant);
        a.mov(rcx, __qword_ptr[rax + ThreadLayout.Root]);
        a.cmp(rcx, __qword_ptr.gs[CpuLayout.CurrentRoot]);
        a.je(sameSpace);
        if (variant.Mitigated)
        {
            RootCode.ChangeCurrent(a);
        }
        else
        {
            a.mov(__qword_ptr.gs[CpuLayout.CurrentRoot], rcx);
            a.mov(cr3, rcx);
        }
        a.Label(ref sameSpace);
        ResumeLoaded(code, variant);
        return code;
    }

    /// <summary>rax: the thread, whose address space is loaded.</summary>
    private static StubCode Resume(DoorVariant variant)
    {
        var code = new StubCode();
        EntryHooks.Resumes(code, variant);
        ResumeLoaded(code, variant);
        return code;
    }

    private static void ResumeLoaded(StubCode code, DoorVariant variant)
    {
        SourceAssembler a = code.Assembler;
        Label fullFrame = a.CreateLabel();
        if (variant.Mitigated)
        {
            BarriersIfOther(code, variant);
        }
        a.test(__byte_ptr[rax + ThreadLayout.Flags], ThreadLayout.FullFrameFlag);
        a.jne(fullFrame);

        // It is in a system call: its results, and nothing else.
        ScrubCode.ClearVectorRegisters(a, variant);
        a.mov(rdi, __qword_ptr[rax + ThreadLayout.Rdi]);
        a.mov(rbx, __qword_ptr[rax + ThreadLayout.Rbx]);
        a.mov(r12, __qword_ptr[rax + ThreadLayout.R12]);
        a.mov(r13, __qword_ptr[rax + ThreadLayout.R13]);
        a.mov(r14, __qword_ptr[rax + ThreadLayout.R14]);
        a.mov(r15, __qword_ptr[rax + ThreadLayout.R15]);
        a.mov(rcx, __qword_ptr[rax + ThreadLayout.Rip]);
        a.mov(rsp, __qword_ptr[rax + ThreadLayout.Rsp]);
        a.mov(rax, __qword_ptr[rax + ThreadLayout.Rax]);
        ScrubCode.ClearUnused(a);
        a.xor(ebp, ebp);
        SystemCallStubs.Leave(a, variant);

        a.Label(ref fullFrame);
        FrameCode.Restore(a, variant);
    }

    /// <summary>Another PD ran in user mode last; idle times between the two don't count.</summary>
    private static void BarriersIfOther(StubCode code, DoorVariant variant)
    {
        SourceAssembler a = code.Assembler;
        Label same = a.CreateLabel();
        a.mov(rcx, __qword_ptr.gs[CpuLayout.CurrentRoot]);
        a.cmp(rcx, __qword_ptr.gs[CpuLayout.LastUserRoot]);
        a.je(same);
        BarrierCode.Between(code, variant, rcx);
        BarrierCode.ClearUserGs(a);
        a.Label(ref same);
    }

    /// <summary>rdi: the CPU. An interrupt never comes back here: the trap stub starts anew on the empty stack.</summary>
    private static StubCode Idle()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label wait = a.CreateLabel();
        a.mov(rsp, __qword_ptr[rdi + CpuLayout.KernelStack]);
        a.Label(ref wait);
        a.sti();
        a.hlt();
        a.jmp(wait);
        return code;
    }
}
