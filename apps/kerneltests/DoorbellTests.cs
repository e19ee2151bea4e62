using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// Clusters ring each other: the boot cluster each of the others, which rings back. All that passes between the kernels
/// is the interrupt.
/// </summary>
internal static unsafe class DoorbellTests
{
    private const ulong Rounds = 200;

    private static Samples samples;

    public static bool Run()
    {
        uint clusters = Workshop.Facts->ClusterCount;
        if (clusters < 2)
        {
            return true;
        }
        NotificationCapability rung = BindOwn();
        ulong before = Received();
        for (uint cluster = 1; cluster < clusters; cluster++)
        {
            DoorbellCapability bell = BellOf(cluster);
            for (ulong round = 0; round < Rounds; round++)
            {
                ulong start = SystemCalls.ReadTimeStampCounter();
                Workshop.Must(bell.Ring());
                Workshop.Must(rung.Wait(out _));
                samples.Add(SystemCalls.ReadTimeStampCounter() - start);
            }
        }
        ulong answers = Received() - before;
        bool passed = answers == Rounds * (clusters - 1);
        Console.Bench("doorbell-roundtrip"u8, ref samples);
        Console.Test("doorbells"u8, passed, "answers"u8, answers);
        return passed;
    }

    /// <summary>What the instances of the other clusters do, for ever.</summary>
    public static void RingBack()
    {
        NotificationCapability rung = BindOwn();
        DoorbellCapability bell = BellOf(0);
        while (rung.Wait(out _) == Status.Ok)
        {
            Workshop.Must(bell.Ring());
        }
    }

    private static NotificationCapability BindOwn()
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Workshop.Must(OwnCpu.BindDoorbell(notification));
        return notification;
    }

    private static DoorbellCapability BellOf(uint cluster)
    {
        var control = new DoorbellControlCapability(new CapabilitySlot((uint)InitialSlot.DoorbellControl));
        CapabilitySlot slot = Workshop.Slots(1);
        Workshop.Must(control.Make(CapTableCapability.Own, slot, Workshop.ClusterAt(cluster)->FirstApicId));
        return new DoorbellCapability(slot);
    }

    private static CpuControlCapability OwnCpu => new(new CapabilitySlot((uint)InitialSlot.FirstCpuControl));

    private static ulong Received()
    {
        Workshop.Must(OwnCpu.ReadCounters(out CpuCounters counters));
        return counters[CpuCounter.DoorbellsReceived];
    }
}
