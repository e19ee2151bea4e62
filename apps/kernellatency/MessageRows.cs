using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>Messages, signals and faults, and the ends of what many threads wait at.</summary>
internal static unsafe class MessageRows
{
    /// <summary>Above the operations' own thread, so that each waits as soon as it has begun.</summary>
    private const uint Priority = 40;
    private const ulong FaultAddress = UserLayout.AttachBase + 0x8000_0000;

    private static EndpointCapability echo;
    private static NotificationCapability signalled;
    private static Worker toucher;

    public static void Run()
    {
        echo = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        signalled = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Throng.Open(Priority);
        Worker server = Worker.Make(Workshop.OwnSpace, 0, Priority, Role.Echo, echo.Slot);
        server.Start();
        toucher = Worker.Make(Workshop.OwnSpace, 0, Priority, Role.Touch, CapabilitySlot.Null);
        Sweep.Row("call-reply"u8, &Subject.Clear, &Call);
        Sweep.Row("call-reply-64"u8, &Subject.Clear, &CallLong);
        Sweep.Row("signal-poll"u8, &Subject.Clear, &Signal);
        Sweep.Row("nbsend"u8, &Subject.MakeEndpoint, &NBSend);
        Sweep.Row("nbrecv"u8, &Subject.MakeEndpoint, &NBRecv);
        Sweep.Row("nbrecv-refuses-64"u8, &MakeCallers, &NBRecv);
        Sweep.Row("page-fault"u8, &StopToucher, &Fault);
        Sweep.Row("cancel-64-sends"u8, &MakeSenders, &Cancel);
        Sweep.Row("delete-endpoint-64-senders"u8, &MakeSenders, &Subject.DeleteFirst);
        Sweep.Row("delete-notification-64-waiters"u8, &MakeWaiters, &Subject.DeleteFirst);
    }

    public static void Serve(EndpointCapability endpoint)
    {
        endpoint.Recv(out Message message);
        while (true)
        {
            endpoint.ReplyRecv(ref message);
        }
    }

    public static void Touch() => *(byte*)FaultAddress = 1;

    private static void Call() => Call(0);

    private static void CallLong() => Call(MessageLimits.MaximumWords);

    private static void Call(int words)
    {
        Message message = Message.Of(1, words);
        Subject.Check(echo.Call(ref message));
    }

    private static void Signal()
    {
        Subject.Check(signalled.Signal());
        Subject.Check(signalled.Poll(out _));
    }

    private static EndpointCapability Endpoint => new(Subject.Slot(0));

    private static void NBSend()
    {
        Message message = Message.Of(1);
        Endpoint.NBSend(in message);
    }

    private static void NBRecv() => Endpoint.NBRecv(out _);

    public static void StopToucher() => Subject.Check(toucher.Thread.Suspend());

    /// <summary>It faults at once, and stands there.</summary>
    public static void Fault() => Subject.Check(toucher.Thread.Resume());

    private static void MakeSenders()
    {
        Subject.MakeEndpoint();
        Throng.WaitAt(Subject.Slot(0), Throng.Deed.Send);
    }

    /// <summary>Who receives here has no Reply object, so they are told that they cannot be taken.</summary>
    private static void MakeCallers()
    {
        Subject.MakeEndpoint();
        Throng.WaitAt(Subject.Slot(0), Throng.Deed.Call);
    }

    private static void MakeWaiters()
    {
        Subject.MakeNotification();
        Throng.WaitAt(Subject.Slot(0), Throng.Deed.Wait);
    }

    private static void Cancel() => Subject.Check(Endpoint.CancelBadgedSends());
}
