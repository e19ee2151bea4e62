using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

public sealed unsafe class PreemptedByClientTests
{
    private readonly World _world = new(1);

    private Thread* Current => _world.Cpu(0)->Current;

    /// <summary>The client is better than the server: the server is preempted by its answer, and stands before its equals on a fresh context.</summary>
    [Theory]
    [InlineData((byte)10)]
    [InlineData((byte)11)]
    public void Who_answers_a_better_one_and_goes_on_on_his_own_gives_way_to_his_equal(byte client)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint note = _world.Make(ObjectType.Notification);
        Worker server = _world.StartPassive(0, endpoint);
        uint own = _world.MakeTime();
        Worker caller = _world.Start(0, client);
        Worker victim = _world.Start(0);
        Assert.True(Current == caller.Thread);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.True(Current == server.Thread);
        _world.Call(
            0,
            SystemCall.Invoke,
            server.Slot,
            MessageInfo.Of((ulong)ThreadOperation.SetScheduling, 4).Value,
            World.Pack(10, own),
            World.FirstSchedControl
        );
        Assert.Equal(Status.Ok, server.Status);
        _world.Call(0, SystemCall.Send, server.Reply);
        while (Current == caller.Thread)
        {
            _world.Call(0, SystemCall.Wait, note);
        }
        Assert.Empty(Invariants.Broken(_world));
        Assert.True(Current == victim.Thread, "the server begins a turn of its own before its equal");
    }
}
