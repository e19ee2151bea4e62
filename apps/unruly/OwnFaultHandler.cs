using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Unruly;

/// <summary>
/// A thread on the last CPU faults where nothing is attached. This one, on the first, is told, and attaches: the pager
/// that put the thread aside and the entrypoint that lets it go on are of two CPUs.
/// </summary>
internal static unsafe class OwnFaultHandler
{
    private const ulong Place = 0x20_0000_0000;
    private const ulong Pages = 40;
    private const ulong Failed = 2;

    private static ulong touched;

    public static ulong Run(in Environment environment)
    {
        NotificationCapability faults = default;
        if (
            environment.Ram.Allocate(Pages * UserLayout.PageSize, out DataspaceCapability memory) != AllocationResult.Ok
            || environment.Pd.AllocateNotification(0, out faults) != AllocationResult.Ok
            || environment.RegionMap.SetFaultHandler(faults) != RegionMapResult.Ok
            || !TryStartToucher(in environment)
        )
        {
            return Failed;
        }
        for (ulong i = 0; i < Pages; i++)
        {
            if (!Serve(in environment, memory, faults, i * UserLayout.PageSize))
            {
                return Failed;
            }
            while (Volatile.Read(ref touched) <= i)
            {
                Processor.Yield();
            }
        }
        return ExitValue.Success;
    }

    private static bool TryStartToucher(in Environment environment)
    {
        Affinity last = Affinity.Cpu(environment.AffinitySpace.Width - 1);
        return UserThread.Create<Toucher>(in environment, "toucher"u8, last, 0, out UserThread thread)
                == ThreadResult.Ok
            && thread.Start() == ThreadResult.Ok;
    }

    private static bool Serve(
        in Environment environment,
        DataspaceCapability memory,
        NotificationCapability faults,
        ulong offset
    )
    {
        faults.Wait(out _);
        return environment.RegionMap.Fault(out RegionFault fault) == RegionMapResult.Ok
            && fault.Address == Place + offset
            && environment.RegionMap.Attach(
                memory,
                UserLayout.PageSize,
                offset,
                Place + offset,
                FrameRights.Read | FrameRights.Write,
                out _
            ) == AttachResult.Ok;
    }

    private struct Toucher : IThreadBody
    {
        public static void Run(ulong argument)
        {
            for (ulong i = 0; i < Pages; i++)
            {
                Volatile.Write(ref *(ulong*)(Place + i * UserLayout.PageSize), i);
                Volatile.Write(ref touched, i + 1);
            }
        }
    }
}
