using Iced.Intel;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Stubs.Kernel;

/// <summary>
/// The door of system calls. Call and ReplyRecv go to the fastpath with the message in registers that C# preserves:
/// words 0 to 3 in r12, r13, r14, rbp, the MessageInfo in r15. All else goes through the thread object to
/// SystemCalls.Enter.
/// </summary>
internal static class SystemCallStubs
{
    public static void Write(StubFile file) => file.Function("SystemCallEntry", Entry());

    private static StubCode Entry()
    {
        var code = new StubCode();
        Assembler a = code.Assembler;
        Label replyRecv = a.CreateLabel();
        Label answered = a.CreateLabel();
        Label sameSpace = a.CreateLabel();
        Label slowCall = a.CreateLabel();
        Label slow = a.CreateLabel();

        SaveCaller(a);
        a.cmp(rax, (int)SystemCall.ReplyRecv);
        a.ja(slow);
        a.mov(__qword_ptr.gs[CpuLayout.Scratch], rdi);
        a.mov(rcx, rsp);
        a.mov(rbx, rsp);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        a.mov(r12, rdx);
        a.mov(r13, r8);
        a.mov(r14, r9);
        a.mov(rbp, r10);
        a.mov(r15, rsi);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Self]);
        a.je(replyRecv);
        a.call(code.Target("FastpathCall"));
        a.test(rax, rax);
        a.jne(answered);
        a.mov(eax, (int)SystemCall.Call);
        a.jmp(slowCall);

        a.Label(ref replyRecv);
        a.call(code.Target("FastpathReplyRecv"));
        a.test(rax, rax);
        a.jne(answered);
        a.mov(eax, (int)SystemCall.ReplyRecv);
        a.jmp(slowCall);

        // rax: whom to resume; rdx: its badge; rbx: who called.
        a.Label(ref answered);
        a.mov(rcx, __qword_ptr[rax + ThreadLayout.Root]);
        a.cmp(rcx, __qword_ptr[rbx + ThreadLayout.Root]);
        a.je(sameSpace);
        // Before CR3, as other CPUs read it to see whom to ask for a flush; loading CR3 serialises.
        a.mov(__qword_ptr.gs[CpuLayout.CurrentRoot], rcx);
        a.mov(cr3, rcx);
        ScrubCode.ClearVectorRegisters(a, sameSpace);
        a.Label(ref sameSpace);
        a.mov(rdi, rdx);
        a.mov(rsi, r15);
        a.mov(rdx, r12);
        a.mov(r8, r13);
        a.mov(r9, r14);
        a.mov(r10, rbp);
        ResumeStubs.LoadCallee(a);
        a.xor(eax, eax);
        a.swapgs();
        a.sysretq();

        // The fastpath declined: put back what it was called with.
        a.Label(ref slowCall);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Scratch]);
        a.mov(rsi, r15);
        a.mov(rdx, r12);
        a.mov(r8, r13);
        a.mov(r9, r14);
        a.mov(r10, rbp);
        a.mov(rsp, rbx);

        a.Label(ref slow);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rax], rax);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rdi], rdi);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rsi], rsi);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rdx], rdx);
        a.mov(__qword_ptr[rsp + ThreadLayout.R8], r8);
        a.mov(__qword_ptr[rsp + ThreadLayout.R9], r9);
        a.mov(__qword_ptr[rsp + ThreadLayout.R10], r10);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        a.xor(ebp, ebp);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
        a.call(code.Target("SystemCallSlow"));
        a.jmp(code.Target("Resume"));
        return code;
    }

    /// <summary>Into the thread object, which rsp points to afterwards. rcx and r11 are the user's rip and rflags.</summary>
    private static void SaveCaller(Assembler a)
    {
        a.swapgs();
        a.mov(__qword_ptr.gs[CpuLayout.UserStack], rsp);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.Current]);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rip], rcx);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rflags], r11);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rbx], rbx);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rbp], rbp);
        a.mov(__qword_ptr[rsp + ThreadLayout.R12], r12);
        a.mov(__qword_ptr[rsp + ThreadLayout.R13], r13);
        a.mov(__qword_ptr[rsp + ThreadLayout.R14], r14);
        a.mov(__qword_ptr[rsp + ThreadLayout.R15], r15);
        a.mov(rcx, __qword_ptr.gs[CpuLayout.UserStack]);
        a.mov(__qword_ptr[rsp + ThreadLayout.Rsp], rcx);
    }
}
