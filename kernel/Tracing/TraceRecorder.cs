using System.Runtime;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Tracing;

/// <summary>
/// What the traced doors call on their way out: one record for each entry. An entry through a plain door leaves none,
/// though it may have started the trace; neither does one that has ended it.
/// </summary>
internal static unsafe class TraceRecorder
{
    /// <summary>The fastpath has handed the CPU to another thread.</summary>
    [RuntimeExport(EntryPoints.TraceRecorderFastSwitch)]
    private static void FastSwitch(Cpu* cpu) =>
        Write(ref cpu->Trace, TraceFlags.Fast | TraceFlags.Switched, TraceRecord.Open);

    /// <summary>A short call has its answer.</summary>
    [RuntimeExport(EntryPoints.TraceRecorderFastAnswer)]
    private static void FastAnswer(Cpu* cpu, ulong status) => Write(ref cpu->Trace, TraceFlags.Fast, status);

    [RuntimeExport(EntryPoints.TraceRecorderSlow)]
    private static void Slow(Cpu* cpu)
    {
        ref TraceState trace = ref cpu->Trace;
        if (trace.Thread != (ulong)cpu->Current)
        {
            Write(ref trace, TraceFlags.Switched, TraceRecord.Open);
            return;
        }
        bool isCall = trace.Kind == (ulong)TraceKind.SystemCall;
        Write(ref trace, TraceFlags.None, isCall ? cpu->Current->Rax : TraceRecord.Open);
    }

    /// <summary>The CPU is about to wait for interrupts.</summary>
    public static void Idle(Cpu* cpu) => Write(ref cpu->Trace, TraceFlags.Idle, TraceRecord.Open);

    private static void Write(ref TraceState trace, TraceFlags flags, ulong status)
    {
        ulong start = trace.Start;
        if (start == 0 || !trace.Writer.IsOn)
        {
            return;
        }
        trace.Start = 0;
        var kind = (TraceKind)trace.Kind;
        bool isInvoke = kind == TraceKind.SystemCall && trace.Code == (ulong)SystemCall.Invoke;
        ulong label = isInvoke ? new MessageInfo(trace.Info).Label : 0;
        ulong duration = Hardware.ReadTimeStampCounter() - start;
        ulong second = TraceRecord.SecondWord(duration, kind, flags, trace.Code, label, status);
        trace.Writer.Write(start, second, trace.Cookie, trace.Object);
    }
}
