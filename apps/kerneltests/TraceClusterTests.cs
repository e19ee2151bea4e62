using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>The trace of another CPU, which is read while that CPU's kernel writes it.</summary>
internal static unsafe class TraceClusterTests
{
    private const uint Calls = 500;
    private const ulong Window = UserLayout.AttachBase + 0xa0_0000;

    private static ulong done;
    private static ulong calls;
    private static ulong answers;
    private static ulong idle;
    private static ulong nonsense;

    public static bool Run()
    {
        if (Workshop.Facts->CpuCount < 2)
        {
            return true;
        }
        FrameCapability ring = Workshop.Frame(1);
        Workshop.Map(Workshop.OwnSpace, ring, Window, FrameRights.Read | FrameRights.Write, 1);
        EndpointCapability echo = MessageTests.StartEcho(Workshop.OwnSpace, 1, out _);
        CpuControlCapability other = TraceTests.CpuOf(1);
        Workshop.Must(other.StartTrace(ring));
        Worker caller = Worker.Make(Workshop.OwnSpace, 1, 30, Role.TracedCaller, echo.Slot);
        caller.Start();
        var reader = new TraceReader(Window);
        while (Volatile.Read(ref done) == 0)
        {
            ReadAll(ref reader);
        }
        while (caller.State != ThreadState.Waiting)
        {
            ReadAll(ref reader);
        }
        Workshop.Must(other.StopTrace());
        ReadAll(ref reader);
        return Report(in reader) & NothingAfter(caller, in reader);
    }

    public static void CallAndRest(EndpointCapability endpoint)
    {
        for (uint i = 0; i < Calls; i++)
        {
            TraceTests.RoundTrip(endpoint);
        }
        Volatile.Write(ref done, 1ul);
        // Of its own CPU, which then idles.
        var nothing = new NotificationCapability(Workshop.Make(ObjectType.Notification, 1));
        nothing.Wait(out _);
    }

    private static void ReadAll(ref TraceReader reader)
    {
        while (reader.TryRead(out TraceRecord record))
        {
            bool isCall = record.Kind == TraceKind.SystemCall;
            calls += isCall && record.Code == (byte)SystemCall.Call ? 1u : 0u;
            answers += isCall && record.Code == (byte)SystemCall.ReplyRecv ? 1u : 0u;
            idle += (record.Flags & TraceFlags.Idle) != 0 ? 1u : 0u;
            bool known = record.Kind is TraceKind.SystemCall or TraceKind.Vector;
            nonsense += known && record.Duration != 0 ? 0u : 1u;
        }
    }

    private static bool Report(in TraceReader reader)
    {
        ulong missing = 2 * Calls - calls - answers;
        bool all = missing <= reader.Lost && calls + answers > 0 && idle > 0;
        TraceTests.Report("trace-other-cpu"u8, all, "records lost"u8, reader.Lost);
        return all & TraceTests.Report("trace-read-while-written"u8, nonsense == 0, "wrong"u8, nonsense);
    }

    private static bool NothingAfter(Worker caller, in TraceReader reader)
    {
        ulong before = reader.Written;
        Workshop.Must(caller.Thread.Suspend());
        ulong more = reader.Written - before;
        return TraceTests.Report("trace-other-cpu-stopped"u8, more == 0, "records"u8, more);
    }
}
