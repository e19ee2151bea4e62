using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// What a call has helped concerns that call: not the messages that are served while it has another CPU stand still, nor who
/// is interrupted to serve one that did not bring its capability.
/// </summary>
public sealed unsafe class RevokeAndMessagesTests
{
    private const uint Copies = 6;

    private readonly World _world = new(4);
    private readonly uint _meet;
    private readonly uint _destination;
    private readonly Worker _receiver;
    private readonly Worker _sender;

    public RevokeAndMessagesTests()
    {
        _meet = _world.Make(ObjectType.Endpoint, 1);
        _destination = _world.NewSlot();
        _receiver = _world.MakeThread(1, 5, buffer: true);
        _sender = _world.MakeThread(2, 20, buffer: true);
        _receiver.Thread->Buffer->ReceiveSlot = _destination;
        _receiver.Thread->Buffer->ReceiveCount = 1;
        _world.Resume(_receiver);
        _world.Serve(1);
        _world.Call(1, SystemCall.Recv, _meet);
        _world.Resume(_sender);
        _world.Serve(2);
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private uint MakeWithCopies(out uint first)
    {
        uint target = _world.Make(ObjectType.Endpoint);
        first = _world.Copies(target, Copies);
        return target;
    }

    /// <summary>A revoke by a thread of CPU 3, left after one step.</summary>
    private void Leave(Worker worker, uint slot)
    {
        Assert.False(_world.InvokeAmongOthers(worker.Thread, World.Own, (ulong)CapTableOperation.Revoke, slot));
        Assert.True(Revocation.IsUnderWay);
    }

    private void GiveUp(Worker worker)
    {
        Good(_world.InvokeBetween(3, worker.Slot, (ulong)ThreadOperation.Suspend));
        Assert.False(Revocation.IsUnderWay);
    }

    /// <summary>Handed to CPU 1, which has not served it.</summary>
    private void Send(uint capability)
    {
        _sender.Thread->Buffer->SendSlots[0] = capability;
        _world.Call(2, SystemCall.Send, _meet, MessageInfo.Of(1, 0, 1).Value);
        Assert.True(_world.Cpu(1)->Shared.RequestHead != 0);
    }

    /// <summary>Somebody who has helped another revoke gives the receiver's context time, so that its CPU stands still.</summary>
    [Fact]
    public void AMessageBringsNothingThatIsRevokedDuringTheCallOfWhoHelpedAnother()
    {
        uint target = MakeWithCopies(out uint first);
        uint control = _world.NewSlot();
        Good(_world.DeriveControl(control, World.FirstSchedControl + 1, 40));
        uint controls = _world.NewSlot(50);
        for (uint i = 0; i < 50; i++)
        {
            Good(_world.DeriveControl(controls + i, control, 40));
        }
        Worker second = _world.Start(3, 1);
        Worker left = _world.Start(3, 2);
        Leave(left, control);
        bool hasHelped = false;
        _world.Between = () =>
        {
            _world.Between = null;
            hasHelped = _world.Operator(0)->MadeAgain.NewestRevoke != 0;
            GiveUp(left);
            Leave(second, target);
            Send(first);
        };
        Good(_world.ConfigureBy(_receiver.Context, 10_000, 0, controls));
        Assert.True(hasHelped);
        Assert.True(_world.Cpu(1)->Shared.RequestHead == 0);
        Assert.True(_world.Slot(_destination)->IsEmpty, "the message brought it");
    }

    [Fact]
    public void WhoIsInterruptedHasNotHelped()
    {
        uint target = MakeWithCopies(out uint first);
        uint other = MakeWithCopies(out uint others);
        Worker interrupted = _world.Start(1, 10);
        Worker second = _world.Start(3, 1);
        Worker left = _world.Start(3, 2);
        Leave(left, target);
        Send(first);
        Assert.True(_world.Cpu(1)->Current == interrupted.Thread);
        RunningThread.WriteDown(_world.Cpu(1));
        Requests.Received(_world.Cpu(1));
        _world.Choose(1);
        Assert.True(_world.Cpu(1)->Current == interrupted.Thread);
        GiveUp(left);
        Leave(second, other);
        ulong copy = (ulong)CapTableOperation.Copy;
        uint to = _world.NewSlot();
        bool isOver = _world.InvokeAmongOthers(interrupted.Thread, World.Own, copy, to, World.Pack(others, 7));
        Assert.False(isOver, "it copied without a step of help");
    }
}
