using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Tracer;

/// <summary>
/// Has the kernel record what its CPU enters it for while this component calls its server a hundred times, and says what
/// that was: one line for each kind of entry. Started without leave to trace, it checks that it has none.
/// </summary>
internal static class Program
{
    private const ulong NoMemory = 1;
    private const ulong WrongAnswer = 2;
    private const ulong NoRecords = 3;
    private const int Calls = 100;
    private const ulong RingPages = 8;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        const ulong bytes = RingPages * UserLayout.PageSize;
        if (environment.Ram.AllocateAttached(bytes, out AttachedMemory ring) != AllocationResult.Ok)
        {
            return NoMemory;
        }
        TraceResult first = environment.Trace.Start(0, ring.Dataspace);
        if (first == TraceResult.Denied)
        {
            environment.Log.WriteLine("@test trace-without-leave pass denied"u8);
            return ExitValue.Success;
        }
        if (first != TraceResult.Ok)
        {
            return WrongAnswer;
        }
        for (int i = 0; i < Calls; i++)
        {
            environment.Pd.Quota(out _);
        }
        if (environment.Trace.Stop(0) != TraceResult.Ok)
        {
            return WrongAnswer;
        }
        bool complete = Summary.Print(in environment, ring.Address, Calls);
        return complete && Refusals(in environment, ring) ? ExitValue.Success : NoRecords;
    }

    /// <summary>What TRACE refuses, and that a ring's end is the trace's.</summary>
    private static bool Refusals(in Environment environment, in AttachedMemory ring)
    {
        TraceClient trace = environment.Trace;
        bool right = trace.Start(1000, ring.Dataspace) == TraceResult.OutOfRange;
        right &= trace.Stop(0) == TraceResult.NotTraced;
        right &= trace.Start(0, default) == TraceResult.InvalidDataspace;
        right &=
            environment.Ram.Allocate(3 * UserLayout.PageSize, out DataspaceCapability uneven) == AllocationResult.Ok;
        right &= trace.Start(0, uneven) == TraceResult.InvalidDataspace;
        right &= trace.Start(0, ring.Dataspace) == TraceResult.Ok;
        right &= trace.Start(0, ring.Dataspace) == TraceResult.Busy;
        right &= environment.Ram.Free(ring.Dataspace) == DataspaceResult.Ok;
        right &= trace.Stop(0) == TraceResult.NotTraced;
        environment.Log.WriteLine(
            right ? "@test trace-refusals pass each with its result"u8 : "@test trace-refusals fail a wrong result"u8
        );
        return right;
    }
}
