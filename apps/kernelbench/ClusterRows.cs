using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>
/// What goes to another CPU of the cluster, whose CPUs idle otherwise. Where the machine counts instructions it runs one
/// CPU at a time, so a figure is the sum of what both sides execute.
/// </summary>
internal static class ClusterRows
{
    public static unsafe void Run()
    {
        uint target = Workshop.Facts->CpuCount > 1 ? 1u : 0u;
        Doorbell(target);
        if (target != 0)
        {
            CallRows.RoundTrip("call-cross-cpu"u8, Places.Other, 0, cpu: target);
            Signal(target);
            Migrate(target);
        }
    }

    /// <summary>To another CPU if there is one, else to the own; the kernel does the same for another cluster's.</summary>
    private static unsafe void Doorbell(uint target)
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification, target));
        var cpu = new CpuControlCapability(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + target));
        Workshop.Must(cpu.BindDoorbell(notification));
        NotificationRows.StartWaiter(notification, target);
        var control = new DoorbellControlCapability(new CapabilitySlot((uint)InitialSlot.DoorbellControl));
        CapabilitySlot bell = Workshop.Slots(1);
        Workshop.Must(control.Make(CapTableCapability.Own, bell, Workshop.ClusterAt(0)->FirstApicId + target));
        Wakes(bell);
        Report.End("doorbell-to-receiver"u8, Measurement.Share(MeasureKind.Slot));
    }

    private static void Signal(uint target)
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification, target));
        NotificationRows.StartWaiter(notification, target);
        Wakes(notification.Slot);
        Report.End("signal-cross-cpu"u8, Measurement.Share(MeasureKind.Slot));
    }

    /// <summary>A thread that waits here goes to the other CPU: its wait ends there. Then back again, unmeasured.</summary>
    private static void Migrate(uint target)
    {
        Board.Set(MeasureLayout.PingSlot, Workshop.Make(ObjectType.Notification, 0));
        Board.Set(MeasureLayout.PongSlot, Workshop.Make(ObjectType.Notification, target));
        Servant migrant = Servant.Make(Places.Other, 0, NotificationRows.WaiterPriority, Entries.Migrant);
        migrant.Start(ThreadState.Waiting);
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Board.Set(MeasureLayout.Handled, 0);
            Request request = Move(migrant, target);
            Measurement.Ticks(ref request, MeasureKind.Word1Pause);
            Report.Check(request.Status == Status.Ok, request.Number);
            WaitUntilSeen(migrant);
            ulong status = Board.Get(MeasureLayout.SeenStatus);
            Report.Check(status == (ulong)Status.WrongCpu, status);
            if (i >= 0)
            {
                Report.Add((uint)Board.Get(MeasureLayout.Handled) - (uint)request.Begin - Measurement.Empty);
            }
            Request back = Move(migrant, 0);
            Measurement.Ticks(ref back, MeasureKind.Word1);
            Report.Check(back.Status == Status.Ok, back.Number);
            Report.Check(migrant.State == ThreadState.Waiting, (ulong)migrant.State);
        }
        Report.End("migrate"u8, Measurement.Share(MeasureKind.Word1));
    }

    private static Request Move(Servant thread, uint cpu)
    {
        Request request = Request.Invoke(thread.Thread.Slot, (ulong)ThreadOperation.SetCpu);
        request.Word0 = Workshop.Control(cpu).Slot.Value;
        return request;
    }

    /// <summary>It has said so and waits again.</summary>
    private static void WaitUntilSeen(Servant thread)
    {
        while (Board.Get(MeasureLayout.Handled) == 0 || thread.State != ThreadState.Waiting)
        {
            Measurement.Pause();
        }
    }

    private static void Wakes(CapabilitySlot signalled)
    {
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Board.Set(MeasureLayout.Handled, 0);
            Request request = Request.Of(SystemCall.Signal, signalled);
            Measurement.Ticks(ref request, MeasureKind.SlotPause);
            Report.Check(request.Status == Status.Ok, request.Number);
            NotificationRows.AddWake(in request, i);
        }
    }
}
