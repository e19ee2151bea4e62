using Iced.Intel;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>Calls that mostly come back to the same thread: signals and waits, mappings, capability tables.</summary>
internal static partial class SystemCallStubs
{
    /// <summary>Calls that come back to the same thread at once, or else take the slow path.</summary>
    private static void ShortCalls(StubCode code, DoorVariant variant, EntryLabels labels)
    {
        SourceAssembler a = code.Assembler;
        a.Label(ref labels.Other);
        a.cmp(rax, (int)SystemCall.Signal);
        a.jb(labels.InvokeOrMap);
        a.je(labels.Signal);
        a.cmp(rax, (int)SystemCall.Poll);
        a.jb(labels.Wait);
        a.je(labels.Poll);
        a.cmp(rax, (int)SystemCall.Yield);
        a.ja(labels.Slow);
        a.je(labels.Yield);

        a.cmp(bx, MessageLimits.RegisterWords);
        a.ja(labels.Slow);
        a.call(code.Target(EntryPoints.FastSignalsNBSend));
        Answer(code, variant, (int)SystemCall.NBSend, hasBits: false, labels);

        a.Label(ref labels.Signal);
        a.call(code.Target(EntryPoints.FastSignalsSignal));
        a.test(rax, rax);
        a.jne(labels.OtherSignal);
        AnswerSame(code, variant, hasBits: false);
        OtherSignal(code, variant, labels);

        a.Label(ref labels.Poll);
        a.call(code.Target(EntryPoints.FastSignalsPoll));
        Answer(code, variant, (int)SystemCall.Poll, hasBits: true, labels);

        a.Label(ref labels.Wait);
        ReadTime(a);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
        a.call(code.Target(EntryPoints.FastSignalsWait));
        // A thread's address has its highest bit set, the other answers have not.
        a.test(rax, rax);
        a.js(code.Target(variant.Name(EntryNames.SwitchAndResume)));
        a.jne(labels.DeclinedWait);
        AnswerSame(code, variant, hasBits: true);
        a.Label(ref labels.DeclinedWait);
        a.mov(eax, (int)SystemCall.Wait);
        a.jmp(labels.Slow);

        // Nobody of the same priority is ready: the slice goes on.
        a.Label(ref labels.Yield);
        a.movzx(ecx, __byte_ptr[rdx + ThreadLayout.Rank]);
        a.cmp(__byte_ptr.gs[CpuLayout.HighestReady], cl);
        a.jae(labels.Slow);
        a.inc(__qword_ptr.gs[CpuLayout.ShortCalls]);
        a.xor(eax, eax);
        EntryHooks.Yields(code, variant);
        a.mov(rsp, __qword_ptr[rdx + ThreadLayout.Rsp]);
        a.mov(rcx, __qword_ptr[rdx + ThreadLayout.Rip]);
        a.xor(edx, edx);
        a.xor(esi, esi);
        Leave(a, variant);

        MapCalls(code, variant, labels);
    }

    /// <summary>
    /// rax: -1, or a notification where a better thread waits: then the caller is preempted, with the registers that it
    /// keeps.
    /// </summary>
    private static void OtherSignal(StubCode code, DoorVariant variant, EntryLabels labels)
    {
        SourceAssembler a = code.Assembler;
        Label declined = a.CreateLabel();
        a.Label(ref labels.OtherSignal);
        a.cmp(rax, -1);
        a.je(declined);
        a.mov(rdi, rax);
        ReadTime(a);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
        a.mov(__qword_ptr[rdx + ThreadLayout.Rbx], rbx);
        a.mov(__qword_ptr[rdx + ThreadLayout.R12], r12);
        a.mov(__qword_ptr[rdx + ThreadLayout.R13], r13);
        a.mov(__qword_ptr[rdx + ThreadLayout.R14], r14);
        a.mov(__qword_ptr[rdx + ThreadLayout.R15], r15);
        a.call(code.Target(EntryPoints.FastWakesSignalBetter));
        a.test(rax, rax);
        a.jne(code.Target(variant.Name(EntryNames.SwitchAndResume)));
        a.Label(ref declined);
        a.mov(eax, (int)SystemCall.Signal);
        a.jmp(labels.Slow);
    }

    /// <summary>
    /// ReplyMapRecv, or Invoke if that is Frame.Map, of one page. An invocation answers how many pages were mapped.
    /// </summary>
    private static void MapCalls(StubCode code, DoorVariant variant, EntryLabels labels)
    {
        SourceAssembler a = code.Assembler;
        a.Label(ref labels.InvokeOrMap);
        a.mov(rcx, r12);
        a.mov(r8, r13);
        a.cmp(r15, 1);
        a.jne(labels.Table);
        a.mov(r9, r14);
        a.cmp(rax, (int)SystemCall.ReplyMapRecv);
        a.jne(labels.Invoke);
        a.call(code.Target(EntryPoints.ReplyMappingMapOne));
        a.test(rax, rax);
        a.jne(code.Target(variant.Name(EntryNames.SwitchAndResume)));
        a.mov(eax, (int)SystemCall.ReplyMapRecv);
        a.jmp(labels.Slow);

        a.Label(ref labels.Invoke);
        a.cmp(rbx, (int)MessageInfo.Of((ulong)FrameOperation.Map, MessageLimits.RegisterWords).Value);
        a.jne(labels.Slow);
        a.call(code.Target(EntryPoints.FastMapMap));
        Answer(code, variant, (int)SystemCall.Invoke, hasBits: false, labels, isMap: true);
        TableCalls(code, variant, labels);
    }

    /// <summary>
    /// Invoke, if that is Copy, Delete or Revoke of what is perhaps a capability table. Untyped.Retype has the number of Copy; of one
    /// object, its first word has a bit that is not set if a capability is copied within the own table.
    /// </summary>
    private static void TableCalls(StubCode code, DoorVariant variant, EntryLabels labels)
    {
        SourceAssembler a = code.Assembler;
        Label notCopy = a.CreateLabel();
        Label retype = a.CreateLabel();
        Label notDelete = a.CreateLabel();
        a.Label(ref labels.Table);
        a.cmp(rax, (int)SystemCall.Invoke);
        a.jne(labels.Slow);
        a.cmp(rbx, InfoOf(CapTableOperation.Copy));
        a.jne(notCopy);
        a.bt(rcx, OneObjectBit);
        a.jc(retype);
        a.call(code.Target(EntryPoints.FastTableTryCopy));
        Answer(code, variant, (int)SystemCall.Invoke, hasBits: false, labels);

        a.Label(ref retype);
        a.call(code.Target(EntryPoints.FastRetypeOne));
        Answer(code, variant, (int)SystemCall.Invoke, hasBits: false, labels);

        a.Label(ref notCopy);
        a.cmp(rbx, InfoOf(CapTableOperation.Delete));
        a.jne(notDelete);
        a.call(code.Target(EntryPoints.FastTableTryDelete));
        Answer(code, variant, (int)SystemCall.Invoke, hasBits: false, labels);

        a.Label(ref notDelete);
        a.cmp(rbx, InfoOf(CapTableOperation.Revoke));
        a.jne(labels.Slow);
        a.call(code.Target(EntryPoints.FastTableTryRevoke));
        Answer(code, variant, (int)SystemCall.Invoke, hasBits: false, labels);
    }

    private static int InfoOf(CapTableOperation operation) =>
        (int)MessageInfo.Of((ulong)operation, MessageLimits.RegisterWords).Value;

    /// <summary>rax: the status for the same thread, or -1; bits are in the CPU's block.</summary>
    private static void Answer(
        StubCode code,
        DoorVariant variant,
        int call,
        bool hasBits,
        EntryLabels labels,
        bool isMap = false
    )
    {
        SourceAssembler a = code.Assembler;
        Label declined = a.CreateLabel();
        a.cmp(rax, -1);
        a.je(declined);
        if (isMap)
        {
            a.mov(r12d, 1);
            a.xor(r13d, r13d);
            a.xor(r14d, r14d);
            a.xor(r15d, r15d);
        }
        AnswerSame(code, variant, hasBits);
        a.Label(ref declined);
        a.mov(eax, call);
        a.jmp(labels.Slow);
    }

    private static void AnswerSame(StubCode code, DoorVariant variant, bool hasBits)
    {
        SourceAssembler a = code.Assembler;
        EntryHooks.Answers(code, variant);
        a.mov(r8, __qword_ptr.gs[CpuLayout.Current]);
        LoadBadge(a, hasBits);
        a.mov(rsp, __qword_ptr[r8 + ThreadLayout.Rsp]);
        a.mov(rcx, __qword_ptr[r8 + ThreadLayout.Rip]);
        ScrubCode.ClearUnused(a);
        Leave(a, variant);
    }
}
