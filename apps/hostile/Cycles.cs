using System;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Hostile;

/// <summary>What is done and undone, over and over: the account of the end is that of the beginning.</summary>
internal static unsafe class Cycles
{
    private const ulong Failed = 2;
    private const int Patience = 10_000;
    private const ulong StackBytes = 4 * UserLayout.PageSize;
    private const FrameRights Both = FrameRights.Read | FrameRights.Write;
    private static readonly Quota _gift = new(4096, 2);
    private static DataspaceCapability memory;
    private static ulong calls;

    /// <summary>Attaches a page, touches it, so that it is mapped, and detaches it.</summary>
    public static ulong Attaches(in Environment environment, ulong rounds) =>
        environment.Ram.Allocate(UserLayout.PageSize, out memory) == AllocationResult.Ok
            ? Run(in environment, "cycle-attaches"u8, rounds, &Attach)
            : Failed;

    /// <summary>One of the server's own and one of a sibling's, with a donation each.</summary>
    public static ulong Sessions(in Environment environment, ulong rounds) =>
        Run(in environment, "cycle-sessions"u8, rounds, &OpenTwo);

    /// <summary>Threads that call the server without a break, each destroyed wherever it is.</summary>
    public static ulong Threads(in Environment environment, ulong rounds) =>
        Run(in environment, "cycle-threads"u8, rounds, &MakeThread);

    private static ulong Run(
        in Environment environment,
        ReadOnlySpan<byte> name,
        ulong rounds,
        delegate* <in Environment, bool> cycle
    )
    {
        environment.Pd.Quota(out QuotaState first);
        // Tables for addresses that are used the first time stay.
        bool passed = cycle(in environment) && cycle(in environment) && AwaitLimit(in environment, in first);
        environment.Pd.Quota(out QuotaState before);
        int free = CapabilitySlots.FreeCount;
        ulong done = 0;
        while (passed && done < rounds)
        {
            passed = cycle(in environment);
            done += passed ? 1u : 0;
        }
        passed = passed && AwaitLimit(in environment, in before);
        environment.Pd.Quota(out QuotaState after);
        bool isBack =
            passed
            && after.Used.RamBytes == before.Used.RamBytes
            && after.Used.Capabilities == before.Used.Capabilities
            && free == CapabilitySlots.FreeCount;
        Report.Accounts(in environment, name, done, isBack, in before, in after);
        return isBack ? ExitValue.Success : Failed;
    }

    private static bool Attach(in Environment environment)
    {
        if (
            environment.RegionMap.Attach(memory, 0, 0, IRegionMap.AnyAddress, Both, out ulong address)
            != AttachResult.Ok
        )
        {
            return false;
        }
        Volatile.Write(ref *(ulong*)address, address);
        return environment.RegionMap.Detach(address) == RegionMapResult.Ok;
    }

    private static bool OpenTwo(in Environment environment) =>
        OpenOne(in environment, "RM"u8) && OpenOne(in environment, "Ping"u8);

    private static bool OpenOne(in Environment environment, ReadOnlySpan<byte> service)
    {
        // What was given comes back when the service has let go, which may be a moment after the close.
        for (int i = 0; i < Patience; i++)
        {
            ParentResult result = environment.OpenSession(
                service,
                ""u8,
                _gift,
                out CapabilitySlot session,
                out SessionId id
            );
            if (result != ParentResult.OutOfCapabilities)
            {
                return result == ParentResult.Ok && environment.CloseSession(id, session) == ParentResult.Ok;
            }
            Processor.Yield();
        }
        return false;
    }

    private static bool MakeThread(in Environment environment)
    {
        ulong before = Volatile.Read(ref calls);
        ThreadResult made = UserThread.Create(
            in environment,
            "caller"u8,
            Affinity.Cpu(environment.AffinitySpace.Width - 1),
            environment.Priority,
            StackBytes,
            &Call,
            0,
            out UserThread thread
        );
        if (made != ThreadResult.Ok || thread.Start() != ThreadResult.Ok)
        {
            return false;
        }
        while (Volatile.Read(ref calls) == before)
        {
            Processor.Yield();
        }
        return thread.Destroy(in environment) == ThreadResult.Ok;
    }

    private static void Call(ulong _)
    {
        PdSessionClient pd = Environment.Current.Pd;
        while (true)
        {
            pd.Quota(out QuotaState _);
            Volatile.Write(ref calls, Volatile.Read(ref calls) + 1);
        }
    }

    /// <summary>The last donation comes back a moment after the close.</summary>
    private static bool AwaitLimit(in Environment environment, in QuotaState wanted)
    {
        for (int i = 0; i < Patience; i++)
        {
            environment.Pd.Quota(out QuotaState now);
            bool isBack =
                now.Limit.RamBytes == wanted.Limit.RamBytes && now.Limit.Capabilities == wanted.Limit.Capabilities;
            if (isBack)
            {
                return true;
            }
            Processor.Yield();
        }
        return false;
    }
}
