using System;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ServersBench;

/// <summary>
/// Faults in a region map of the component's own, which it answers itself: a thread of it is signalled, asks where, and
/// attaches the page there.
/// </summary>
internal static unsafe class ManagedRow
{
    private const ulong Pages = 64;
    private const ulong Bytes = Pages * UserLayout.PageSize;
    private const int Rounds = 8;
    private const FrameRights Rights = FrameRights.Read | FrameRights.Write;

    private static Samples samples;
    private static NotificationCapability faults;
    private static RegionMapClient inner;
    private static DataspaceCapability memory;

    private static ReadOnlySpan<byte> Name => "fault-managed"u8;

    public static void Run(in Environment environment)
    {
        DataspaceCapability managed = default;
        RegionMapCapability map = default;
        bool made =
            environment.Ram.Allocate(Bytes, out memory) == AllocationResult.Ok
            && environment.Rm.Create(Bytes, out map) == RegionMapResult.Ok;
        inner = new RegionMapClient(map.Capability.Slot);
        UserThread handler = default;
        made =
            made
            && inner.Dataspace(out managed) == RegionMapResult.Ok
            && environment.Pd.AllocateNotification(0, out faults) == AllocationResult.Ok
            && inner.SetFaultHandler(faults) == RegionMapResult.Ok
            && UserThread.Create<Handler>(in environment, "handler"u8, Affinity.Cpu(0), 0, out handler)
                == ThreadResult.Ok
            && handler.Start() == ThreadResult.Ok;
        Report.Check(made);
        Report.Begin(in environment, Name);
        samples.Clear();
        for (int round = 0; round <= Rounds && made; round++)
        {
            made = Touch(in environment, managed, round != 0);
            Report.Check(made);
        }
        Report.Print(in environment, Name, ref samples);
        handler.Destroy(in environment);
    }

    private static bool Touch(in Environment environment, DataspaceCapability managed, bool counts)
    {
        RegionMapClient own = environment.RegionMap;
        if (own.Attach(managed, 0, 0, IRegionMap.AnyAddress, Rights, out ulong address) != AttachResult.Ok)
        {
            return false;
        }
        for (ulong page = 0; page < Pages; page++)
        {
            // Safety: a managed dataspace is attached there, and the handler fills it.
            byte* place = (byte*)(address + page * UserLayout.PageSize);
            ulong start = Report.Start(samples.Count);
            Volatile.Read(ref *place);
            ulong end = Report.End(samples.Count);
            if (counts)
            {
                samples.Add(Report.Between(start, end));
            }
        }
        bool gone = own.Detach(address) == RegionMapResult.Ok;
        for (ulong page = 0; page < Pages; page++)
        {
            gone &= inner.Detach(page * UserLayout.PageSize) == RegionMapResult.Ok;
        }
        return gone;
    }

    /// <summary>The page of the memory that lies at the same offset.</summary>
    private struct Handler : IThreadBody
    {
        public static void Run(ulong argument)
        {
            while (faults.Wait(out _) == Status.Ok)
            {
                bool answered =
                    inner.Fault(out RegionFault fault) == RegionMapResult.Ok
                    && inner.Attach(memory, UserLayout.PageSize, fault.Address, fault.Address, Rights, out _)
                        == AttachResult.Ok;
                Report.Check(answered);
            }
        }
    }
}
