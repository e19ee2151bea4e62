using System.Reflection;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Operations;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The functions that the entry stubs call.</summary>
internal sealed unsafe partial class World
{
    private static readonly delegate* <Cpu*, Thread*> _slow = (delegate* <Cpu*, Thread*>)Entry(
        typeof(SystemCalls),
        "Enter"
    );

    private static readonly delegate* <ulong, Cpu*, Thread*, Thread*> _fastCall = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        Thread*>)Entry(typeof(Fastpath), "Call");

    private static readonly delegate* <ulong, Cpu*, Thread*, Thread*> _fastReplyRecv = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        Thread*>)Entry(typeof(Fastpath), "ReplyRecv");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastCallLong = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(LongMessages), "Call");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastReplyRecvLong = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(LongMessages), "ReplyRecv");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong, ulong, Thread*> _fastMap = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong,
        ulong,
        Thread*>)Entry(typeof(ReplyMapping), "MapOne");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong, ulong, Status> _fastInvokeMap = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong,
        ulong,
        Status>)Entry(typeof(FastMap), "Map");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong, Status> _fastCopy = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong,
        Status>)Entry(typeof(FastTable), "TryCopy");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Status> _fastDelete = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Status>)Entry(typeof(FastTable), "TryDelete");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Status> _fastRevoke = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Status>)Entry(typeof(FastTable), "TryRevoke");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong, Status> _fastRetype = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong,
        Status>)Entry(typeof(FastRetype), "One");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastCallActive = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(ActiveServers), "Call");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastReplyRecvActive = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(ActiveServers), "ReplyRecv");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastAnswerFault = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(FastAnswers), "AnswerFault");

    private static readonly delegate* <Notification*, Cpu*, Thread*, ulong, Thread*> _fastSignalBetter = (delegate* <
        Notification*,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(FastWakes), "SignalBetter");

    private static readonly delegate* <Cpu*, Thread*, Thread*> _fastFault = (delegate* <Cpu*, Thread*, Thread*>)Entry(
        typeof(Faults),
        "DeliverToWaiting"
    );

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong> _fastSignal = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong>)Entry(typeof(FastSignals), "Signal");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong> _fastWait = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong>)Entry(typeof(FastSignals), "Wait");

    private static readonly delegate* <ulong, Cpu*, Thread*, Status> _fastPoll = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        Status>)Entry(typeof(FastSignals), "Poll");

    private static readonly delegate* <ulong, Cpu*, Thread*, Status> _fastNBSend = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        Status>)Entry(typeof(FastSignals), "NBSend");

    private static readonly delegate* <Cpu*, Thread*> _crossCall = (delegate* <Cpu*, Thread*>)Entry(
        typeof(CrossCalls),
        "Call"
    );

    private static readonly delegate* <Cpu*, Thread*> _crossReplyRecv = (delegate* <Cpu*, Thread*>)Entry(
        typeof(CrossCalls),
        "ReplyRecv"
    );

    private static readonly delegate* <Cpu*, Thread*, ulong, Thread*> _fastTimer = (delegate* <
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(FastInterrupts), "Timer");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastInterrupt = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(FastInterrupts), "Received");

    private static readonly delegate* <Cpu*, ulong, ulong, Thread*> _pageFault = (delegate* <
        Cpu*,
        ulong,
        ulong,
        Thread*>)Entry(typeof(Faults), "PageFault");

    private static readonly delegate* <Cpu*, ulong, ulong> _counter = (delegate* <Cpu*, ulong, ulong>)Entry(
        typeof(CounterReading),
        "Value"
    );

    private static nint Entry(System.Type type, string name) =>
        type.GetMethod(name, BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static)!
            .MethodHandle.GetFunctionPointer();
}
