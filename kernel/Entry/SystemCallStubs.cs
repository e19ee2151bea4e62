using Iced.Intel;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>
/// The door of system calls. A message's info and words lie in registers that C# preserves (rbx, r12 to r15) from the
/// sender's instruction to the receiver's, so the fastpath never moves them. A message that it declines goes to
/// ActiveServers or FastAnswers, then to CrossCalls; all else goes through the thread object to SystemCalls.Enter.
/// </summary>
/// <remarks>
/// In: rax number, rdi capability address, rbx MessageInfo, r12 to r15 words, rcx rip. The processor has put rflags into
/// r11; a system call does not keep them. While a fastpath function runs, rbp holds the capability address, in case it
/// declines.
/// </remarks>
internal static partial class SystemCallStubs
{
    /// <summary>What user level finds in rflags after a system call: reserved bit 1 and IF.</summary>
    private const int UserRflags = 0x202;

    /// <summary>Of word 0 of a Retype: the count is odd.</summary>
    private const byte OneObjectBit = 32;

    public static void Write(StubFile file, DoorVariant variant)
    {
        file.Door(variant.Name(EntryNames.SystemCallEntry), Entry(variant), StubFrame.SystemCall);
        if (variant.Mitigated)
        {
            file.Door(variant.Name(EntryNames.SwitchSpace), SwitchSpace(variant), StubFrame.OfThread);
        }
    }

    private static StubCode Entry(DoorVariant variant)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        var labels = new EntryLabels(a);
        a.swapgs();
        RootCode.EnterKernel(a, variant, rdx);
        EntryHooks.SystemCall(a, variant);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rsp], rsp);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rip], rcx);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.mov(rbp, rdi);

        a.cmp(rax, (int)SystemCall.ReplyRecv);
        a.je(labels.ReplyRecv);
        a.ja(labels.Other);
        a.cmp(bx, MessageLimits.RegisterWords);
        a.ja(labels.LongCall);
        a.call(code.Target(EntryPoints.FastpathCall));
        SwitchTo(code, variant, hasBadge: true, labels.OtherCall);

        a.Label(ref labels.ReplyRecv);
        a.cmp(bx, MessageLimits.RegisterWords);
        a.ja(labels.LongReplyRecv);
        a.call(code.Target(EntryPoints.FastpathReplyRecv));
        SwitchTo(code, variant, hasBadge: false, labels.OtherReplyRecv);

        OtherMessages(code, variant, labels);
        LongMessages(code, variant, labels);

        ShortCalls(code, variant, labels);
        SlowCalls(code, variant, labels);
        return code;
    }

    /// <summary>
    /// What the fastpath declined may still need no slow path: a server with time of its own, an answer to a fault.
    /// </summary>
    private static void OtherMessages(StubCode code, DoorVariant variant, EntryLabels labels)
    {
        SourceAssembler a = code.Assembler;
        Label active = a.CreateLabel();
        a.Label(ref labels.OtherCall);
        WithTime(a);
        a.call(code.Target(EntryPoints.ActiveServersCall));
        SwitchTo(code, variant, hasBadge: true, labels.CrossCall);

        a.Label(ref labels.OtherReplyRecv);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
        a.cmp(__byte_ptr[rdx + ThreadLayout.ServerRank], 0);
        a.je(active);
        a.mov(rcx, __qword_ptr[rdx + ThreadLayout.ServerReply]);
        a.test(__byte_ptr[rcx + ReplyLayout.Word], ReplyLayout.LentByFaultMark);
        a.je(labels.CrossReplyRecv);
        a.mov(rdi, rbp);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.mov(rcx, rbx);
        a.call(code.Target(EntryPoints.FastAnswersAnswerFault));
        a.test(rax, rax);
        a.jne(code.Target(variant.Name(EntryNames.SwitchAndResume)));
        a.jmp(labels.DeclinedReplyRecv);

        a.Label(ref active);
        WithTime(a);
        a.call(code.Target(EntryPoints.ActiveServersReplyRecv));
        SwitchTo(code, variant, hasBadge: false, labels.DeclinedReplyRecv);
    }

    /// <summary>The arguments of a fastpath function once more, and the time-stamp counter as the fourth.</summary>
    private static void WithTime(SourceAssembler a)
    {
        ReadTime(a);
        a.mov(rdi, rbp);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
    }

    /// <summary>The time-stamp counter into rcx. Changes rax and rdx.</summary>
    public static void ReadTime(SourceAssembler a)
    {
        a.rdtsc();
        a.shl(rdx, 32);
        a.lea(rcx, __[rax + rdx]);
    }

    /// <summary>Words beyond the fourth go through the message buffers.</summary>
    private static void LongMessages(StubCode code, DoorVariant variant, EntryLabels labels)
    {
        SourceAssembler a = code.Assembler;
        a.Label(ref labels.LongCall);
        a.mov(rcx, rbx);
        a.call(code.Target(EntryPoints.LongMessagesCall));
        IfDeclined(a, labels.DeclinedCall);
        TakeInfo(a, variant);
        SwitchTo(code, variant, hasBadge: true, labels.DeclinedCall);

        a.Label(ref labels.LongReplyRecv);
        a.mov(rcx, rbx);
        a.call(code.Target(EntryPoints.LongMessagesReplyRecv));
        IfDeclined(a, labels.DeclinedReplyRecv);
        TakeInfo(a, variant);
        SwitchTo(code, variant, hasBadge: false, labels.DeclinedReplyRecv);
    }

    /// <summary>Of the message that LongMessages has carried.</summary>
    private static void TakeInfo(SourceAssembler a, DoorVariant variant)
    {
        a.mov(rbx, __qword_ptr.gs[CpuLayout.Scratch]);
        if (variant.Mitigated)
        {
            a.mov(__qword_ptr.gs[CpuLayout.Scratch], 0);
        }
    }

    /// <summary>
    /// rax: whom to resume; the badge it receives is in the CPU's block. All but the message is cleared. Or that the path
    /// has declined, of which the root is the one that is loaded (Ipc/DirectSwitch).
    /// </summary>
    public static void SwitchTo(StubCode code, DoorVariant variant, bool hasBadge, Label declined)
    {
        SourceAssembler a = code.Assembler;
        Label otherSpace = a.CreateLabel();
        Label loaded = a.CreateLabel();
        if (variant.Traced)
        {
            // Nothing is recorded of what goes on with the slow path.
            IfDeclined(a, declined);
        }
        EntryHooks.Switches(code, variant);
        if (variant.Mitigated)
        {
            LoadBadge(a, hasBadge);
        }
        AssemblerRegister64 root = variant.Mitigated ? r11 : rcx;
        a.mov(root, __qword_ptr[rax + ThreadLayout.Root]);
        a.cmp(root, __qword_ptr.gs[CpuLayout.CurrentRoot]);
        if (variant.Mitigated)
        {
            a.jne(code.Target(variant.Name(EntryNames.SwitchSpace)));
            IfDeclinedHere(a, variant, declined);
        }
        else
        {
            a.jne(otherSpace);
            IfDeclinedHere(a, variant, declined);
            a.jmp(loaded);
            a.Label(ref otherSpace);
            // Before CR3, as other CPUs read it to see whom to ask for a flush; loading CR3 serialises.
            a.mov(__qword_ptr.gs[CpuLayout.CurrentRoot], rcx);
            a.mov(cr3, rcx);
            ScrubCode.ClearVectorRegisters(a, variant);
            a.Label(ref loaded);
            LoadBadge(a, hasBadge);
        }
        LeaveTo(a, variant);
    }

    private static void IfDeclinedHere(SourceAssembler a, DoorVariant variant, Label declined)
    {
        if (!variant.Traced)
        {
            IfDeclined(a, declined);
        }
    }

    private static void IfDeclined(SourceAssembler a, Label declined)
    {
        a.test(al, CpuLayout.Declined);
        a.jne(declined);
    }

    /// <summary>rax: whom to resume, in the address space r11, which is another one; rdi: the badge it receives.</summary>
    private static StubCode SwitchSpace(DoorVariant variant)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        // Before CR3, as above.
        a.mov(__qword_ptr.gs[CpuLayout.CurrentRoot], r11);
        BarrierCode.Between(code, variant, r11);
        LoadFrame(a);
        ScrubCode.ClearUnusedButRdx(a);
        a.xor(ebp, ebp);
        a.xor(eax, eax);
        RootCode.LeaveKernelToOther(a);
        a.mov(r11d, UserRflags);
        a.swapgs();
        // As BarrierCode.ClearUserGs; a fault between the two is told by the sign of the base, as everywhere at a door.
        a.mov(gs, edx);
        a.sysretq();
        return code;
    }

    /// <summary>To the thread in rax, with a message in its registers.</summary>
    private static void LeaveTo(SourceAssembler a, DoorVariant variant)
    {
        LoadFrame(a);
        ScrubCode.ClearUnused(a);
        a.xor(ebp, ebp);
        a.xor(eax, eax);
        Leave(a, variant);
    }

    private static void LoadFrame(SourceAssembler a)
    {
        a.mov(rcx, __qword_ptr[rax + ThreadLayout.Rip]);
        a.mov(rsp, __qword_ptr[rax + ThreadLayout.Rsp]);
    }

    private static void LoadBadge(SourceAssembler a, bool hasBadge)
    {
        if (hasBadge)
        {
            a.mov(rdi, __qword_ptr.gs[CpuLayout.Badge]);
        }
        else
        {
            a.xor(edi, edi);
        }
    }

    public static void Leave(SourceAssembler a, DoorVariant variant)
    {
        RootCode.LeaveKernel(a, variant, r11, r11b);
        a.mov(r11d, UserRflags);
        a.swapgs();
        a.sysretq();
    }

    private static void SlowCalls(StubCode code, DoorVariant variant, EntryLabels labels)
    {
        SourceAssembler a = code.Assembler;
        a.Label(ref labels.DeclinedReplyRecv);
        a.mov(eax, (int)SystemCall.ReplyRecv);
        a.jmp(labels.Slow);
        a.Label(ref labels.DeclinedCall);
        a.mov(eax, (int)SystemCall.Call);

        a.Label(ref labels.Slow);
        ThroughThread(code, variant, EntryPoints.SystemCallsEnter);

        a.Label(ref labels.CrossReplyRecv);
        a.mov(eax, (int)SystemCall.ReplyRecv);
        ThroughThread(code, variant, EntryPoints.CrossCallsReplyRecv);
        a.Label(ref labels.CrossCall);
        a.mov(eax, (int)SystemCall.Call);
        ThroughThread(code, variant, EntryPoints.CrossCallsCall);
    }

    /// <summary>The system call in rax, and its arguments, into the thread object; on to who is to run then.</summary>
    private static void ThroughThread(StubCode code, DoorVariant variant, string function)
    {
        SourceAssembler a = code.Assembler;
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rax], rax);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rdi], rbp);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rbx], rbx);
        a.mov(__qword_ptr[rdx + ThreadLayout.R12], r12);
        a.mov(__qword_ptr[rdx + ThreadLayout.R13], r13);
        a.mov(__qword_ptr[rdx + ThreadLayout.R14], r14);
        a.mov(__qword_ptr[rdx + ThreadLayout.R15], r15);
        a.xor(ebp, ebp);
        a.call(code.Target(function));
        a.jmp(code.Target(variant.Name(EntryNames.Resume)));
    }

    /// <summary>Places in the entry that its parts jump to.</summary>
    private sealed class EntryLabels(SourceAssembler a)
    {
        public Label ReplyRecv = a.CreateLabel();
        public Label OtherCall = a.CreateLabel();
        public Label OtherReplyRecv = a.CreateLabel();
        public Label OtherSignal = a.CreateLabel();
        public Label LongCall = a.CreateLabel();
        public Label LongReplyRecv = a.CreateLabel();
        public Label Other = a.CreateLabel();
        public Label InvokeOrMap = a.CreateLabel();
        public Label Invoke = a.CreateLabel();
        public Label Table = a.CreateLabel();
        public Label Signal = a.CreateLabel();
        public Label Wait = a.CreateLabel();
        public Label Poll = a.CreateLabel();
        public Label DeclinedWait = a.CreateLabel();
        public Label Yield = a.CreateLabel();
        public Label CrossCall = a.CreateLabel();
        public Label CrossReplyRecv = a.CreateLabel();
        public Label DeclinedCall = a.CreateLabel();
        public Label DeclinedReplyRecv = a.CreateLabel();
        public Label Slow = a.CreateLabel();
    }
}
