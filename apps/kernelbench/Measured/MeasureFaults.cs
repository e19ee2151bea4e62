using Iced.Intel;
using Skerry.Abi;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;
using static Skerry.Apps.KernelBench.Measured.MeasureRegisters;

namespace Skerry.Apps.KernelBench.Measured;

/// <summary>
/// A thread that touches one fresh page after the other, and two pagers: the trivial one, which answers with a mapping in
/// one system call, and one that maps and answers apart and notes when.
/// </summary>
internal static class MeasureFaults
{
    private const int PageBytes = 4096;
    private const int OffsetMask = MeasureLayout.FaultRegion - PageBytes;

    public static void Write(StubFile file)
    {
        file.Function(MeasureEntryPoints.MeasureFaulter, Faulter());
        file.Function(MeasureEntryPoints.MeasurePager, Pager());
        file.Function(MeasureEntryPoints.MeasureTimedPager, TimedPager());
    }

    public static void Touch(SourceAssembler a, AssemblerRegister64 address) => a.mov(__qword_ptr[address], r13);

    /// <summary>Writes its number into each page. A fault keeps all registers.</summary>
    private static StubCode Faulter()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        a.mov(r12, __qword_ptr[MeasureLayout.FirstPage]);
        a.xor(r13d, r13d);
        a.Label(ref top);
        a.rdtsc();
        a.mov(__qword_ptr[MeasureLayout.Started], rax);
        Touch(a, r12);
        a.rdtsc();
        StoreDifference(a, MeasureLayout.Whole, eax, MeasureLayout.Started);
        StoreDifference(a, MeasureLayout.FromAnswer, eax, MeasureLayout.Answered);
        a.mov(rax, __qword_ptr[MeasureLayout.Handled]);
        StoreDifference(a, MeasureLayout.ToHandler, eax, MeasureLayout.Started);
        a.add(r12, PageBytes);
        a.inc(r13);
        a.cmp(r13, __qword_ptr[MeasureLayout.Rounds]);
        a.jb(top);
        MeasureLoops.SignalDone(a);
        return code;
    }

    private static void StoreDifference(SourceAssembler a, int samples, AssemblerRegister32 end, int beginAt)
    {
        a.mov(ecx, end);
        a.sub(ecx, __dword_ptr[beginAt]);
        a.mov(__dword_ptr[r13 * MeasureLayout.SampleBytes + samples], ecx);
    }

    private static StubCode Pager()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        MeasureLoops.FirstMessage(a);
        a.Label(ref top);
        AnswerWithMapping(a);
        a.jmp(top);
        return code;
    }

    /// <summary>Page by page: what lies at an offset of the frame is seen at the same offset of the region.</summary>
    public static void AnswerWithMapping(SourceAssembler a, bool dry = false)
    {
        PageOf(a, Words[0]);
        a.mov(Words[0], __qword_ptr[MeasureLayout.FrameAndRights]);
        Load(a, SystemCall.ReplyMapRecv, MeasureLayout.ServerSlot);
        Enter(a, dry);
    }

    /// <summary>Words 1 to 3 of a mapping, for the address that faulted.</summary>
    private static void PageOf(SourceAssembler a, AssemblerRegister64 address)
    {
        a.mov(Words[1], address);
        a.and(Words[1], -PageBytes);
        a.mov(Words[2], Words[1]);
        a.and(Words[2], OffsetMask);
        a.mov(Words[3], 1);
    }

    private static StubCode TimedPager()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        MeasureLoops.FirstMessage(a);
        a.Label(ref top);
        MeasureLoops.NoteMessage(a);
        PageOf(a, Words[0]);
        a.mov(Words[0], __qword_ptr[MeasureLayout.SpaceAndRights]);
        a.mov(eax, (int)SystemCall.Invoke);
        a.mov(Slot, __qword_ptr[MeasureLayout.FrameSlot]);
        a.mov(Info, (long)MessageInfo.Of((ulong)FrameOperation.Map, MeasureLayout.Words).Value);
        a.syscall();
        a.add(__qword_ptr[MeasureLayout.StatusSum], rax);
        a.rdtsc();
        a.mov(__qword_ptr[MeasureLayout.Answered], rax);
        MeasureLoops.Answer(a, words: false);
        a.jmp(top);
        return code;
    }
}
