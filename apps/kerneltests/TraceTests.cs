using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// The trace of kernel entries: it has what was done and in that order, and nothing of what was done before or after;
/// and it costs nothing while it is off.
/// </summary>
internal static unsafe class TraceTests
{
    private const uint Rounds = 50;
    private const ulong RingPages = 4;
    private const ulong Window = UserLayout.AttachBase + 0x80_0000;

    private static readonly CapabilitySlot _space = Workshop.OwnSpace.Slot;

    private static Samples durations;
    private static ulong records;
    private static ulong unexpected;
    private static ulong withoutTime;
    private static EndpointCapability echo;
    private static NotificationCapability signalled;
    private static FrameCapability ring;

    private static CpuControlCapability Own => CpuOf(0);

    public static CpuControlCapability CpuOf(uint cpu) =>
        new(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + cpu));

    public static bool Run()
    {
        echo = MessageTests.StartEcho(Workshop.CloneSpace(), 0, out _);
        signalled = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        ring = Workshop.Frame(RingPages);
        Workshop.Map(Workshop.OwnSpace, ring, Window, FrameRights.Read | FrameRights.Write, RingPages);
        bool passed = RecordsAreWhatWasDone() & CostsNothingWhenOff() & EndsWithItsFrame() & Counters();
        return passed & TraceClusterTests.Run();
    }

    public static bool Report(
        System.ReadOnlySpan<byte> name,
        bool passed,
        System.ReadOnlySpan<byte> detail,
        ulong value
    )
    {
        Console.Test(name, passed, detail, value);
        return passed;
    }

    public static ulong RoundTrip(EndpointCapability endpoint)
    {
        var message = new Message { Info = MessageInfo.Of(3, 4), Word0 = 1 };
        ulong start = SystemCalls.ReadTimeStampCounter();
        Workshop.Must(endpoint.Call(ref message));
        return SystemCalls.ReadTimeStampCounter() - start;
    }

    private static bool RecordsAreWhatWasDone()
    {
        RoundTrip(echo);
        Workshop.Must(Own.StartTrace(ring));
        for (uint i = 0; i < Rounds; i++)
        {
            RoundTrip(echo);
        }
        for (uint i = 0; i < Rounds; i++)
        {
            Workshop.Must(Workshop.OwnSpace.Query(Window, out _, out _));
        }
        for (uint i = 0; i < Rounds; i++)
        {
            Workshop.Must(signalled.Signal());
            Workshop.Must(signalled.Poll(out _));
        }
        *(ulong*)FaultTests.SparePage = 1;
        Workshop.Must(Own.StopTrace());
        RoundTrip(echo);
        return Check();
    }

    private static bool Check()
    {
        var reader = new TraceReader(Window);
        for (uint i = 0; i < Rounds; i++)
        {
            TraceRecord call = Expect(ref reader, SystemCall.Call, echo.Slot, TraceFlags.Fast | TraceFlags.Switched);
            durations.Add(call.Duration);
            Expect(ref reader, SystemCall.ReplyRecv, default, TraceFlags.Fast | TraceFlags.Switched);
        }
        for (uint i = 0; i < Rounds; i++)
        {
            TraceRecord query = Expect(ref reader, SystemCall.Invoke, _space, TraceFlags.None);
            unexpected += query.Label == (byte)AddressSpaceOperation.Query && query.Status == 0 ? 0u : 1u;
        }
        for (uint i = 0; i < Rounds; i++)
        {
            unexpected += Expect(ref reader, SystemCall.Signal, signalled.Slot, TraceFlags.Fast).Status;
            unexpected += Expect(ref reader, SystemCall.Poll, signalled.Slot, TraceFlags.Fast).Status;
        }
        TraceRecord fault = Next(ref reader);
        unexpected += fault.Code == PageFault && fault.Object == FaultTests.SparePage ? 0u : 1u;
        Expect(ref reader, SystemCall.ReplyMapRecv, default, TraceFlags.Fast | TraceFlags.Switched);
        bool ended = Next(ref reader).Kind == TraceKind.None;
        bool passed = Report("trace-records"u8, unexpected == 0 && ended, "others"u8, unexpected);
        passed &= Report("trace-lost"u8, reader.Lost == 0, "records"u8, reader.Lost);
        passed &= Report("trace-durations"u8, withoutTime == 0, "without"u8, withoutTime);
        bool counts = BenchLine.CountsInstructions(Workshop.CommandLine);
        durations.Sort();
        bool equal = !counts || durations.At(0) == durations.At(100);
        Console.Bench("traced-call"u8, ref durations);
        return passed & Report("trace-same-durations"u8, equal, "least"u8, durations.At(0));
    }

    private const byte PageFault = 14;
    private const byte FirstInterrupt = 32;

    private static TraceRecord Expect(ref TraceReader reader, SystemCall call, CapabilitySlot slot, TraceFlags flags)
    {
        TraceRecord record = Next(ref reader);
        bool right = record.Kind == TraceKind.SystemCall && record.Code == (byte)call && record.Flags == flags;
        right &= slot.IsNull || record.Object == slot.Value;
        unexpected += right ? 0u : 1u;
        return record;
    }

    /// <summary>The next record that is no interrupt; those come when they like.</summary>
    private static TraceRecord Next(ref TraceReader reader)
    {
        TraceRecord record;
        do
        {
            if (!reader.TryRead(out record))
            {
                return default;
            }
            records++;
            withoutTime += record.Duration == 0 ? 1u : 0u;
        } while (record.Kind == TraceKind.Vector && record.Code >= FirstInterrupt);
        return record;
    }

    /// <summary>To the instruction, where the counter counts those.</summary>
    private static bool CostsNothingWhenOff()
    {
        ulong before = Quickest();
        Workshop.Must(Own.StartTrace(ring));
        ulong during = Quickest();
        Workshop.Must(Own.StopTrace());
        ulong after = Quickest();
        bool counts = BenchLine.CountsInstructions(Workshop.CommandLine);
        bool passed = !counts || (before == after && during > before);
        Report("trace-costs"u8, passed, "ticks more while on"u8, during - before);
        return Report("trace-free-when-off"u8, passed, "ticks"u8, after);
    }

    private static ulong Quickest()
    {
        ulong least = ulong.MaxValue;
        for (uint i = 0; i < Rounds; i++)
        {
            ulong ticks = RoundTrip(echo);
            least = ticks < least ? ticks : least;
        }
        return least;
    }

    /// <summary>The kernel writes nothing into memory that was taken from the trace.</summary>
    private static bool EndsWithItsFrame()
    {
        UntypedCapability memory = Workshop.Untyped(14);
        var frame = new FrameCapability(Workshop.Slots(1));
        Workshop.Must(memory.RetypeFrame(1, frame.Slot));
        Workshop.Must(Own.StartTrace(frame));
        bool once = Own.StartTrace(ring) == Status.InvalidState;
        Workshop.Must(CapTableCapability.Own.Revoke(memory.Slot));
        Status stopped = Own.StopTrace();
        Workshop.Must(memory.RetypeFrame(1, frame.Slot));
        const ulong window = Window + 0x10_0000;
        Workshop.Map(Workshop.OwnSpace, frame, window, FrameRights.Read, 1);
        RoundTrip(echo);
        ulong wrong = 0;
        for (ulong i = 0; i < UserLayout.PageSize; i += sizeof(ulong))
        {
            wrong += *(ulong*)(window + i) == 0 ? 0u : 1u;
        }
        Report("trace-once"u8, once, "refused"u8, once ? 1u : 0u);
        return once & Report("trace-revoked"u8, wrong == 0 && stopped == Status.InvalidState, "words"u8, wrong);
    }

    /// <summary>What is done is counted, each by its own counter, and all of it among the entries.</summary>
    private static bool Counters()
    {
        Workshop.Must(Own.ReadCounters(out CpuCounters before));
        for (uint i = 0; i < Rounds; i++)
        {
            RoundTrip(echo);
            Workshop.Must(signalled.Signal());
            Workshop.Must(signalled.Wait(out _));
            Processor.Yield();
            Workshop.Must(Workshop.OwnSpace.Query(Window, out _, out _));
        }
        Workshop.Must(Own.ReadCounters(out CpuCounters after));
        CpuCounters during = after.Since(in before);
        ulong wrong = during[CpuCounter.FastMessages] == 2 * Rounds ? 0u : 1u;
        wrong += during[CpuCounter.FastSignals] == Rounds ? 0u : 1u;
        wrong += during[CpuCounter.ShortCalls] == 2 * Rounds ? 0u : 1u;
        // One by one, the counters are read by calls of the slow path, four by each.
        ulong slow = during[CpuCounter.SlowSystemCalls];
        wrong += slow >= Rounds && slow <= Rounds + (ulong)CpuCounter.Count ? 0u : 1u;
        wrong += during[CpuCounter.Entries] >= 6 * Rounds ? 0u : 1u;
        return Report("counters"u8, wrong == 0, "wrong"u8, wrong);
    }
}
