using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Stubs.Kernel;

/// <summary>The one door out of the slow paths, and the wait for interrupts.</summary>
internal static class ResumeStubs
{
    public static void Write(StubFile file)
    {
        file.Function("ResumeThread", ResumeThread());
        file.Function("Resume", Resume());
        file.Function("Idle", Idle());
    }

    /// <summary>For C#: rdi is the thread.</summary>
    private static StubCode ResumeThread()
    {
        var code = new StubCode();
        code.Assembler.mov(rax, rdi);
        code.Assembler.jmp(code.Target("Resume"));
        return code;
    }

    /// <summary>rax: the thread, whose address space is loaded.</summary>
    private static StubCode Resume()
    {
        var code = new StubCode();
        Assembler a = code.Assembler;
        Label fullFrame = a.CreateLabel();
        a.test(__byte_ptr[rax + ThreadLayout.Flags], ThreadLayout.FullFrameFlag);
        a.jne(fullFrame);

        // It is in a system call: what that promises to keep, and its results.
        Label scrubbed = a.CreateLabel();
        ScrubCode.ClearVectorRegisters(a, scrubbed);
        a.Label(ref scrubbed);
        a.mov(rdi, __qword_ptr[rax + ThreadLayout.Rdi]);
        a.mov(rsi, __qword_ptr[rax + ThreadLayout.Rsi]);
        a.mov(rdx, __qword_ptr[rax + ThreadLayout.Rdx]);
        a.mov(r8, __qword_ptr[rax + ThreadLayout.R8]);
        a.mov(r9, __qword_ptr[rax + ThreadLayout.R9]);
        a.mov(r10, __qword_ptr[rax + ThreadLayout.R10]);
        LoadCallee(a);
        a.mov(rax, __qword_ptr[rax + ThreadLayout.Rax]);
        a.swapgs();
        a.sysretq();

        a.Label(ref fullFrame);
        LoadFullFrame(a);
        a.swapgs();
        a.iretq();
        return code;
    }

    /// <summary>From the thread in rax: what a system call keeps, rip into rcx, rflags into r11, and the stack.</summary>
    public static void LoadCallee(Assembler a)
    {
        a.mov(rcx, __qword_ptr[rax + ThreadLayout.Rip]);
        a.mov(r11, __qword_ptr[rax + ThreadLayout.Rflags]);
        a.mov(rbx, __qword_ptr[rax + ThreadLayout.Rbx]);
        a.mov(rbp, __qword_ptr[rax + ThreadLayout.Rbp]);
        a.mov(r12, __qword_ptr[rax + ThreadLayout.R12]);
        a.mov(r13, __qword_ptr[rax + ThreadLayout.R13]);
        a.mov(r14, __qword_ptr[rax + ThreadLayout.R14]);
        a.mov(r15, __qword_ptr[rax + ThreadLayout.R15]);
        a.mov(rsp, __qword_ptr[rax + ThreadLayout.Rsp]);
    }

    private static void LoadFullFrame(Assembler a)
    {
        Label withoutXsave = a.CreateLabel();
        Label done = a.CreateLabel();
        a.and(__byte_ptr[rax + ThreadLayout.Flags], ~ThreadLayout.FullFrameFlag);
        a.mov(rbx, rax);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        a.push(Selectors.UserData);
        a.push(__qword_ptr[rbx + ThreadLayout.Rsp]);
        a.push(__qword_ptr[rbx + ThreadLayout.Rflags]);
        a.push(Selectors.UserCode);
        a.push(__qword_ptr[rbx + ThreadLayout.Rip]);
        a.cmp(__byte_ptr.gs[CpuLayout.HasXsave], 0);
        a.je(withoutXsave);
        a.mov(eax, -1);
        a.mov(edx, -1);
        a.xrstor64(__[rbx + ThreadLayout.ExtendedState]);
        a.jmp(done);
        a.Label(ref withoutXsave);
        a.fxrstor64(__[rbx + ThreadLayout.ExtendedState]);
        a.Label(ref done);
        a.mov(rdi, __qword_ptr[rbx + ThreadLayout.Rdi]);
        a.mov(rsi, __qword_ptr[rbx + ThreadLayout.Rsi]);
        a.mov(rdx, __qword_ptr[rbx + ThreadLayout.Rdx]);
        a.mov(rcx, __qword_ptr[rbx + ThreadLayout.Rcx]);
        a.mov(r8, __qword_ptr[rbx + ThreadLayout.R8]);
        a.mov(r9, __qword_ptr[rbx + ThreadLayout.R9]);
        a.mov(r10, __qword_ptr[rbx + ThreadLayout.R10]);
        a.mov(r11, __qword_ptr[rbx + ThreadLayout.R11]);
        a.mov(rbp, __qword_ptr[rbx + ThreadLayout.Rbp]);
        a.mov(r12, __qword_ptr[rbx + ThreadLayout.R12]);
        a.mov(r13, __qword_ptr[rbx + ThreadLayout.R13]);
        a.mov(r14, __qword_ptr[rbx + ThreadLayout.R14]);
        a.mov(r15, __qword_ptr[rbx + ThreadLayout.R15]);
        a.mov(rax, __qword_ptr[rbx + ThreadLayout.Rax]);
        a.mov(rbx, __qword_ptr[rbx + ThreadLayout.Rbx]);
    }

    /// <summary>rdi: the CPU. An interrupt never comes back here: the trap stub starts anew on the empty stack.</summary>
    private static StubCode Idle()
    {
        var code = new StubCode();
        Assembler a = code.Assembler;
        Label wait = a.CreateLabel();
        a.mov(rsp, __qword_ptr[rdi + CpuLayout.KernelStack]);
        a.Label(ref wait);
        a.sti();
        a.hlt();
        a.jmp(wait);
        return code;
    }
}
