using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>Notifications, and what else returns at once.</summary>
internal static class NotificationRows
{
    public const uint WaiterPriority = 45;
    private const uint ClientPriority = 40;

    public static void Run()
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Signal(notification);
        WaitSignalled(notification);
        SignalToWaiter();
        PingPong();
        NBSend();
        Yield();
    }

    private static void Signal(NotificationCapability notification)
    {
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Request request = Request.Of(SystemCall.Signal, notification.Slot);
            uint ticks = Measurement.Ticks(ref request, MeasureKind.Slot);
            Report.Check(request.Status == Status.Ok, request.Number);
            Workshop.Must(notification.Poll(out ulong bits));
            Report.Check(bits == 1, bits);
            if (i >= 0)
            {
                Report.Add(ticks);
            }
        }
        Report.End("signal"u8, Measurement.Share(MeasureKind.Slot));
    }

    private static void WaitSignalled(NotificationCapability notification)
    {
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Workshop.Must(notification.Signal());
            Request request = Request.Of(SystemCall.Wait, notification.Slot);
            uint ticks = Measurement.Ticks(ref request, MeasureKind.Slot);
            Report.Check(request.Status == Status.Ok && request.Slot == 1, request.Slot);
            if (i >= 0)
            {
                Report.Add(ticks);
            }
        }
        Report.End("wait-signalled"u8, Measurement.Share(MeasureKind.Slot));
    }

    /// <summary>A thread of higher priority in the other address space, which waits for the notification.</summary>
    public static Servant StartWaiter(NotificationCapability notification, uint cpu)
    {
        Board.Set(MeasureLayout.WaiterSlot, notification.Slot);
        Servant waiter = Servant.Make(Places.Other, cpu, WaiterPriority, Entries.Waiter);
        waiter.Start(ThreadState.Waiting);
        return waiter;
    }

    private static void SignalToWaiter()
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        StartWaiter(notification, 0);
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Board.Set(MeasureLayout.Handled, 0);
            Request request = Request.Of(SystemCall.Signal, notification.Slot);
            Measurement.Ticks(ref request, MeasureKind.Slot);
            Report.Check(request.Status == Status.Ok, request.Number);
            AddWake(in request, i);
        }
        Report.End("signal-to-waiter"u8, Measurement.Share(MeasureKind.Slot));
    }

    /// <summary>From the request's beginning to the waiter.</summary>
    public static void AddWake(in Request request, int round)
    {
        while (Board.Get(MeasureLayout.Handled) == 0)
        {
            Measurement.Pause();
        }
        Report.Check(Board.Get(MeasureLayout.SeenStatus) == (ulong)Status.Ok, Board.Get(MeasureLayout.SeenStatus));
        Report.Check(Board.Get(MeasureLayout.SeenBadge) == 1, Board.Get(MeasureLayout.SeenBadge));
        if (round >= 0)
        {
            Report.Add((uint)Board.Get(MeasureLayout.Handled) - (uint)request.Begin - Measurement.Empty);
        }
    }

    /// <summary>Two threads of one priority: each signals the other and waits.</summary>
    private static void PingPong()
    {
        var ping = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        var pong = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Board.Set(MeasureLayout.PingSlot, ping.Slot);
        Board.Set(MeasureLayout.PongSlot, pong.Slot);
        Servant.Make(Places.Other, 0, ClientPriority, Entries.Partner).Start(ThreadState.Waiting);
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Request request = Request.Of(SystemCall.Signal, ping.Slot);
            uint ticks = Measurement.Ticks(ref request, MeasureKind.PingPong);
            Report.Check(request.Status == Status.Ok && request.Slot == 1, request.Slot);
            if (i >= 0)
            {
                Report.Add(ticks);
            }
        }
        ulong share = Measurement.Share(MeasureKind.DryPingPong) + Measurement.Share(MeasureKind.DryPartner);
        Report.End("signal-pingpong"u8, share);
    }

    private static void NBSend()
    {
        CapabilitySlot endpoint = Workshop.Make(ObjectType.Endpoint);
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Request request = Request.Of(SystemCall.NBSend, endpoint, MessageInfo.Of(1, 0));
            uint ticks = Measurement.Ticks(ref request, MeasureKind.Info);
            Report.Check(request.Status == Status.WouldBlock, request.Number);
            if (i >= 0)
            {
                Report.Add(ticks);
            }
        }
        Report.End("nbsend"u8, Measurement.Share(MeasureKind.Info));
    }

    private static void Yield()
    {
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Request request = Request.Of(SystemCall.Yield, CapabilitySlot.Null);
            uint ticks = Measurement.Ticks(ref request, MeasureKind.Number);
            Report.Check(request.Status == Status.Ok, request.Number);
            if (i >= 0)
            {
                Report.Add(ticks);
            }
        }
        Report.End("yield"u8, Measurement.Share(MeasureKind.Number));
    }
}
