using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>
/// Scheduling contexts that servers borrow. All calls lend; here the context that is lent has a budget and a period, is
/// lent on to a second server, and is taken back from a server that does not answer.
/// </summary>
internal static class LendingRows
{
    private const ulong Budget = 900_000;
    private const ulong Period = 1_000_000;
    private const int Revocations = 200;
    private const uint ClientPriority = 45;

    private static readonly SchedContextCapability _ownContext = new(
        new CapabilitySlot((uint)InitialSlot.SchedContext)
    );

    public static void Run()
    {
        Workshop.Must(_ownContext.Configure(Budget, Period, Workshop.Control(0)));
        CallRows.RoundTrip("donate-passive"u8, Places.Other, 0);
        Workshop.Must(_ownContext.Configure(Servant.AmpleBudget, 0, Workshop.Control(0)));
        Chain();
        TakeBack();
    }

    /// <summary>From this program to a server in the other address space, from there to one in this space again, and back.</summary>
    private static void Chain()
    {
        CapabilitySlot last = CallRows.Serve(Workshop.OwnSpace, 0, Entries.Echo, 0);
        CapabilitySlot client = StartForward(last, out _);
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Request request = Request.Of(SystemCall.Call, client, MessageInfo.Of(1, 0));
            uint ticks = Measurement.Ticks(ref request, MeasureKind.Info);
            Report.Check(request.Status == Status.Ok, request.Number);
            Report.Check(request.Info == Board.Get(MeasureLayout.ServerInfo), request.Info);
            if (i >= 0)
            {
                Report.Add(ticks);
            }
        }
        Report.End("donate-chain"u8, CallRows.ShareOfCall + Measurement.Share(MeasureKind.DryForward));
    }

    private static CapabilitySlot StartForward(CapabilitySlot next, out Servant forward)
    {
        CapabilitySlot endpoint = Workshop.Make(ObjectType.Endpoint);
        Board.Set(MeasureLayout.ForwardSlot, endpoint);
        Board.Set(MeasureLayout.NextSlot, next);
        Board.Set(MeasureLayout.NextInfo, MessageInfo.Of(1, 0).Value);
        forward = Servant.Make(Places.Other, 0, CallRows.ServerPriority, Entries.Forward);
        forward.Start(ThreadState.Receiving);
        forward.MakePassive(CallRows.ServerPriority);
        return endpoint;
    }

    /// <summary>
    /// A server calls where nobody answers. Its Reply object is deleted, so that its client's call ends and the client,
    /// whose priority is above this thread's, runs again on its own context.
    /// </summary>
    private static void TakeBack()
    {
        var wake = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Board.Set(MeasureLayout.WaiterSlot, wake.Slot);
        Servant client = Servant.Make(Workshop.OwnSpace, 0, ClientPriority, Entries.Client);
        client.Start(ThreadState.Waiting);
        Report.Begin();
        for (int i = 0; i < Revocations; i++)
        {
            CapabilitySlot silent = Workshop.Make(ObjectType.Endpoint);
            CapabilitySlot called = StartForward(silent, out Servant server);
            Board.Set(MeasureLayout.ClientSlot, called);
            Workshop.Must(wake.Signal());
            Report.Check(client.State == ThreadState.AwaitingReply, (ulong)client.State);
            Request request = CapabilityRows.Delete(server.Reply.Slot);
            Measurement.Ticks(ref request, MeasureKind.Word1);
            Report.Check(request.Status == Status.Ok, request.Number);
            ulong status = Board.Get(MeasureLayout.SeenStatus);
            Report.Check(status == (ulong)Status.Cancelled && client.State == ThreadState.Waiting, status);
            Report.Add((uint)Board.Get(MeasureLayout.Handled) - (uint)request.Begin - Measurement.Empty);
            Workshop.Must(server.Thread.Suspend());
        }
        Report.End("donate-revoke"u8, Measurement.Share(MeasureKind.Word1));
    }
}
