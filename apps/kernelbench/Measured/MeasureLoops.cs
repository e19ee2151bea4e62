using Iced.Intel;
using Skerry.Abi;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;
using static Skerry.Apps.KernelBench.Measured.MeasureRegisters;

namespace Skerry.Apps.KernelBench.Measured;

/// <summary>
/// Threads that are called or signalled: loops that go back into the kernel at once. They use no stack, and keep nothing
/// in registers. Those of one-way figures read the counter right behind their system call and right before the loads
/// of the next one.
/// </summary>
internal static class MeasureLoops
{
    private const int BufferWords = 10;

    public static void Write(StubFile file)
    {
        file.Function(MeasureEntryPoints.MeasureEcho, Echo(words: false));
        file.Function(MeasureEntryPoints.MeasureEchoWords, Echo(words: true));
        file.Function(MeasureEntryPoints.MeasureTimedEcho, TimedEcho(words: false));
        file.Function(MeasureEntryPoints.MeasureTimedEchoWords, TimedEcho(words: true));
        file.Function(MeasureEntryPoints.MeasureForward, Forward());
        file.Function(MeasureEntryPoints.MeasureClient, Client());
        file.Function(MeasureEntryPoints.MeasureWaiter, Waiter());
        file.Function(MeasureEntryPoints.MeasureMigrant, Migrant());
        file.Function(MeasureEntryPoints.MeasurePartner, Partner());
        file.Function(MeasureEntryPoints.MeasureSpinner, Spinner());
        file.Function(MeasureEntryPoints.MeasureRefilled, Refilled());
    }

    /// <summary>The registers of an answer, and the next message.</summary>
    public static void Answer(SourceAssembler a, bool words, bool dry = false)
    {
        if (words)
        {
            CountWords(a);
        }
        Load(a, SystemCall.ReplyRecv, MeasureLayout.ServerSlot, MeasureLayout.ServerInfo);
        Enter(a, dry);
    }

    public static void FirstMessage(SourceAssembler a)
    {
        Load(a, SystemCall.Recv, MeasureLayout.ServerSlot);
        a.syscall();
    }

    private static StubCode Echo(bool words)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        FirstMessage(a);
        a.Label(ref top);
        Answer(a, words);
        a.jmp(top);
        return code;
    }

    private static StubCode TimedEcho(bool words)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        FirstMessage(a);
        a.Label(ref top);
        NoteMessage(a);
        for (int i = MeasureLayout.Words; words && i < BufferWords; i++)
        {
            a.inc(__qword_ptr[MeasureLayout.ServerBuffer + i * MeasureLayout.WordBytes]);
        }
        a.rdtsc();
        a.mov(__qword_ptr[MeasureLayout.Answered], rax);
        Answer(a, words);
        a.jmp(top);
        return code;
    }

    /// <summary>Right behind a system call: when it returned, and what with.</summary>
    public static void NoteMessage(SourceAssembler a)
    {
        Keep(a);
        a.rdtsc();
        a.mov(__qword_ptr[MeasureLayout.Handled], rax);
        a.mov(__qword_ptr[MeasureLayout.SeenStatus], KeptStatus);
        a.mov(__qword_ptr[MeasureLayout.SeenBadge], Slot);
        a.mov(__qword_ptr[MeasureLayout.SeenInfo], Info);
        a.mov(__qword_ptr[MeasureLayout.SeenWord], Words[0]);
    }

    /// <summary>A server that calls another one before it answers.</summary>
    private static StubCode Forward()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        Load(a, SystemCall.Recv, MeasureLayout.ForwardSlot);
        a.syscall();
        a.Label(ref top);
        ForwardRound(a);
        a.jmp(top);
        return code;
    }

    public static void ForwardRound(SourceAssembler a, bool dry = false)
    {
        Load(a, SystemCall.Call, MeasureLayout.NextSlot, MeasureLayout.NextInfo);
        Enter(a, dry);
        Load(a, SystemCall.ReplyRecv, MeasureLayout.ForwardSlot, MeasureLayout.ServerInfo);
        Enter(a, dry);
    }

    /// <summary>Calls when it is signalled, and says when and how the call ended.</summary>
    private static StubCode Client()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        a.Label(ref top);
        Load(a, SystemCall.Wait, MeasureLayout.WaiterSlot);
        a.syscall();
        Load(a, SystemCall.Call, MeasureLayout.ClientSlot, MeasureLayout.NextInfo);
        a.syscall();
        NoteMessage(a);
        a.jmp(top);
        return code;
    }

    private static StubCode Waiter()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        a.Label(ref top);
        Load(a, SystemCall.Wait, MeasureLayout.WaiterSlot);
        a.syscall();
        NoteMessage(a);
        a.jmp(top);
        return code;
    }

    /// <summary>Waits on one CPU, and when it finds itself on the other one, there.</summary>
    private static StubCode Migrant()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        a.Label(ref top);
        Load(a, SystemCall.Wait, MeasureLayout.PingSlot);
        a.syscall();
        NoteMessage(a);
        Load(a, SystemCall.Wait, MeasureLayout.PongSlot);
        a.syscall();
        a.jmp(top);
        return code;
    }

    /// <summary>The other side of MeasureKind.PingPong.</summary>
    private static StubCode Partner()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        Load(a, SystemCall.Wait, MeasureLayout.PingSlot);
        a.syscall();
        a.Label(ref top);
        PartnerRound(a);
        a.jmp(top);
        return code;
    }

    public static void PartnerRound(SourceAssembler a, bool dry = false)
    {
        Load(a, SystemCall.Signal, MeasureLayout.PongSlot);
        Enter(a, dry);
        Load(a, SystemCall.Wait, MeasureLayout.PingSlot);
        Enter(a, dry);
    }

    /// <summary>Says all the time when it ran last.</summary>
    private static StubCode Spinner()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        a.Label(ref top);
        a.rdtsc();
        a.mov(__qword_ptr[MeasureLayout.Spun], rax);
        a.jmp(top);
        return code;
    }

    /// <summary>
    /// Uses its budget up and is stopped somewhere in the inner loop. When it finds that the spinner has run, its context
    /// has just been refilled. Interrupts keep all registers.
    /// </summary>
    private static StubCode Refilled()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label top = a.CreateLabel();
        a.xor(r12d, r12d);
        a.mov(rsi, __qword_ptr[MeasureLayout.Spun]);
        a.Label(ref top);
        a.mov(rcx, __qword_ptr[MeasureLayout.Spun]);
        a.cmp(rcx, rsi);
        a.je(top);
        a.rdtsc();
        a.mov(rsi, rcx);
        a.sub(eax, ecx);
        a.mov(__dword_ptr[r12 * MeasureLayout.SampleBytes + MeasureLayout.ToHandler], eax);
        a.inc(r12);
        a.cmp(r12, __qword_ptr[MeasureLayout.Rounds]);
        a.jb(top);
        SignalDone(a);
        return code;
    }

    /// <summary>The end of a thread that has made its rounds: says so, and waits for what never comes.</summary>
    public static void SignalDone(SourceAssembler a)
    {
        Load(a, SystemCall.Signal, MeasureLayout.DoneSlot);
        a.syscall();
        Load(a, SystemCall.Wait, MeasureLayout.IdleSlot);
        a.syscall();
        a.ud2();
    }
}
