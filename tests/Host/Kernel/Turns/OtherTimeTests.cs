using Skerry.Abi;
using Skerry.Kernel.Machine;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Who comes to run on other time than he ran on begins a turn of his own, behind his equals (Turns.BeginOther): here a
/// server that is given a context of its own while it runs on its caller's, and answers by Send.
/// </summary>
public sealed unsafe class OtherTimeTests() : EqualTurns(1)
{
    [Fact]
    public void WhoAnswersAndGoesOnOnHisOwnGivesWayToHisEqual()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint);
        uint own = _world.MakeTime();
        Worker client = _world.Start(0);
        Worker equal = _world.Start(0);
        HasItsTurn(
            equal,
            () =>
            {
                Assert.True(Runs(client));
                // What the calls take.
                Hardware.Clock += 20 * Microsecond;
                _world.Call(0, SystemCall.Call, endpoint);
                if (!Runs(server))
                {
                    // It has gone behind since it answered.
                    return;
                }
                Renew(own);
                GiveTime(server, own);
                _world.Call(0, SystemCall.Send, server.Reply);
                if (!Runs(server))
                {
                    return;
                }
                Work();
                if (!Runs(server))
                {
                    return;
                }
                _world.Call(0, SystemCall.Recv, endpoint);
                if (Runs(client))
                {
                    GiveTime(server, 0);
                }
            }
        );
    }

    /// <summary>The client is better, and waits then: the server was preempted by its answer, and has gone behind.</summary>
    [Theory]
    [InlineData((byte)10)]
    [InlineData((byte)11)]
    public void WhoAnswersABetterOneAndGoesOnOnHisOwnGivesWayToHisEqual(byte priority)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint note = _world.Make(ObjectType.Notification);
        Worker server = _world.StartPassive(0, endpoint);
        uint own = _world.MakeTime();
        Worker client = _world.Start(0, priority);
        Worker equal = _world.Start(0);
        Assert.True(Runs(client));
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.True(Runs(server));
        GiveTime(server, own);
        _world.Call(0, SystemCall.Send, server.Reply);
        if (Runs(client))
        {
            _world.Call(0, SystemCall.Wait, note);
        }
        Assert.Empty(Invariants.Broken(_world));
        Assert.True(Runs(equal), "the server begins a turn of its own before its equal");
    }
}
