using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Unruly;

/// <summary>Threads fault where their region map's handler is to help, and it can't: it has gone, or nobody could.</summary>
internal static unsafe class HandlerGone
{
    private const ulong Place = 0x20_0000_0000;
    private const ulong Failed = 2;
    private const FrameRights Both = FrameRights.Read | FrameRights.Write;

    /// <summary>More than go on in two pieces.</summary>
    private const int Many = 40;

    private static int touched;

    /// <summary>One waits when the notification goes, another faults then.</summary>
    public static ulong Revoke(in Environment environment)
    {
        if (!TryHaveWaiting(in environment, 1, out NotificationCapability faults))
        {
            return Failed;
        }
        // The server's was made from it.
        CapTableCapability.Own.Revoke(faults.Slot);
        Volatile.Write(ref *(int*)Place, 1);
        return Failed;
    }

    /// <summary>One waits when the handler is taken away.</summary>
    public static ulong Remove(in Environment environment)
    {
        if (
            !TryHaveWaiting(in environment, 1, out NotificationCapability faults)
            || environment.RegionMap.SetFaultHandler(default) != RegionMapResult.Ok
        )
        {
            return Failed;
        }
        faults.Wait(out _);
        return Failed;
    }

    /// <summary>A write to a module of core's. A vcore learns from core that it is to be read alone.</summary>
    public static ulong WriteModule(in Environment environment)
    {
        bool isThere =
            environment.Pd.AllocateNotification(0, out NotificationCapability faults) == AllocationResult.Ok
            && environment.RegionMap.SetFaultHandler(faults) == RegionMapResult.Ok
            && Taker.TryAttachModule(in environment, Place);
        if (isThere)
        {
            Volatile.Write(ref *(int*)Place, 1);
        }
        return Failed;
    }

    /// <summary>Many wait for one page, each is told of, and one attach lets them all go on.</summary>
    public static ulong HelpMany(in Environment environment)
    {
        if (
            !TryHaveWaiting(in environment, Many, out NotificationCapability faults)
            || environment.Ram.Allocate(UserLayout.PageSize, out DataspaceCapability memory) != AllocationResult.Ok
        )
        {
            return Failed;
        }
        for (int i = 0; i < Many; i++)
        {
            bool isTold =
                environment.RegionMap.Fault(out RegionFault fault) == RegionMapResult.Ok
                && fault.Kind == RegionFaultKind.Write
                && fault.Address == Place;
            if (!isTold)
            {
                return Failed;
            }
        }
        if (environment.RegionMap.Attach(memory, 0, 0, Place, Both, out _) != AttachResult.Ok)
        {
            return Failed;
        }
        while (Volatile.Read(ref *(int*)Place) != Many)
        {
            Processor.Yield();
        }
        bool isOver =
            environment.RegionMap.Fault(out RegionFault none) == RegionMapResult.Ok
            && none.Kind == RegionFaultKind.None;
        return isOver ? ExitValue.Success : Failed;
    }

    /// <summary>The threads, on all CPUs, have faulted, as far as the handler has been told of it.</summary>
    private static bool TryHaveWaiting(in Environment environment, int threads, out NotificationCapability faults)
    {
        if (
            environment.Pd.AllocateNotification(0, out faults) != AllocationResult.Ok
            || environment.RegionMap.SetFaultHandler(faults) != RegionMapResult.Ok
        )
        {
            return false;
        }
        for (int i = 0; i < threads; i++)
        {
            Affinity cpu = Affinity.Cpu((uint)i % environment.AffinitySpace.Width);
            bool isStarted =
                UserThread.Create<Toucher>(in environment, "toucher"u8, cpu, 0, out UserThread thread)
                    == ThreadResult.Ok
                && thread.Start() == ThreadResult.Ok;
            if (!isStarted)
            {
                return false;
            }
            while (Volatile.Read(ref touched) <= i)
            {
                Processor.Yield();
            }
            faults.Wait(out _);
        }
        return true;
    }

    private struct Toucher : IThreadBody
    {
        public static void Run(ulong argument)
        {
            Interlocked.Increment(ref touched);
            Interlocked.Increment(ref *(int*)Place);
        }
    }
}
