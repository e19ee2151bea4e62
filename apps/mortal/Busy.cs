using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Abi;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Mortal;

/// <summary>Further threads of a worker, on the last of its CPUs: wherever they are, it ends with them.</summary>
internal static unsafe class Busy
{
    /// <summary>The value that a thread exits with.</summary>
    public const ulong ExitOfThread = 5;

    private const ulong StackBytes = 4 * UserLayout.PageSize;

    /// <summary>Steps between two calls.</summary>
    private const int OwnWork = 20_000;
    private static int begun;

    /// <summary>Comes back when the thread is at it.</summary>
    public static bool Start(in Environment environment, BusyKind kind)
    {
        int before = Volatile.Read(ref begun);
        ThreadResult made = UserThread.Create(
            in environment,
            "busy"u8,
            Affinity.Cpu(environment.AffinitySpace.Width - 1),
            environment.Priority,
            StackBytes,
            &Run,
            (ulong)kind,
            out UserThread thread
        );
        if (made != ThreadResult.Ok || thread.Start() != ThreadResult.Ok)
        {
            return false;
        }
        while (Volatile.Read(ref begun) == before)
        {
            X86Base.Pause();
        }
        return true;
    }

    private static void Run(ulong kind)
    {
        Environment environment = Environment.Current;
        Interlocked.Increment(ref begun);
        while (Once(in environment, (BusyKind)kind))
        {
            // Those that are begun behind it have their turn at once, and the main thread has its server's lock now and then.
            Processor.Yield();
            for (int i = 0; i < OwnWork; i++)
            {
                Volatile.Read(ref begun);
            }
        }
    }

    /// <returns>Whether there is more to do.</returns>
    private static bool Once(in Environment environment, BusyKind kind)
    {
        switch (kind)
        {
            case BusyKind.Allocates:
                return environment.Ram.Allocate(UserLayout.PageSize, out DataspaceCapability memory)
                        == AllocationResult.Ok
                    && environment.Ram.Free(memory) == DataspaceResult.Ok;
            case BusyKind.Faults:
                return Fault(in environment);
            case BusyKind.CallsSibling:
                return new PingClient(Steps.Session).Increment(1, out _) == PingResult.Ok;
            case BusyKind.OpensSessions:
                return OpenAndClose(in environment);
            case BusyKind.WaitsForService:
                environment.OpenSession("Never"u8, ""u8, Quota.None, out CapabilitySlot _);
                return false;
            case BusyKind.FaultsForEver:
                Steps.FaultForEver();
                return false;
            case BusyKind.Crashes:
                Ends.Crash();
                return false;
            default:
                environment.Exit(ExitOfThread);
                return false;
        }
    }

    private static bool Fault(in Environment environment)
    {
        if (environment.Ram.AllocateAttached(UserLayout.PageSize, out AttachedMemory memory) != AllocationResult.Ok)
        {
            return false;
        }
        Volatile.Write(ref *(ulong*)memory.Address, 1ul);
        return environment.Ram.Free(memory.Dataspace) == DataspaceResult.Ok;
    }

    /// <summary>What is given for it comes back when the service has let go, so that it may be refused meanwhile.</summary>
    private static bool OpenAndClose(in Environment environment)
    {
        ParentResult opened = environment.OpenSession(
            "Ping"u8,
            ""u8,
            new Quota(4096, 1),
            out CapabilitySlot session,
            out SessionId id
        );
        return opened != ParentResult.Ok || environment.CloseSession(id, session) == ParentResult.Ok;
    }
}
