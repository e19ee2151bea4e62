using Skerry.Abi;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Two who hand the turn on to each other by YieldTo, each with a budget that the other has made whole again, use up one
/// turn together: their equal's comes when it is over.
/// </summary>
public sealed unsafe class HandOnTests() : EqualTurns(1)
{
    private void HandOn(Worker to)
    {
        Renew(to.Context);
        YieldTo(to);
    }

    /// <summary>
    /// A client calls its server, which hands on; a server that is handed the turn answers, and its client hands on.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ByTurnsWithTheirServers(bool fastpath)
    {
        _world.UseFastpath = fastpath;
        uint[] endpoints = [_world.Make(ObjectType.Endpoint), _world.Make(ObjectType.Endpoint)];
        Worker[] servers = [_world.StartPassive(0, endpoints[0]), _world.StartPassive(0, endpoints[1])];
        Worker[] clients = [_world.Start(0), _world.Start(0)];
        Worker equal = _world.Start(0);
        Assert.True(Runs(clients[0]));
        HasItsTurn(
            equal,
            () =>
            {
                int pair = Runs(clients[0]) || Runs(servers[0]) ? 0 : 1;
                Work();
                if (Runs(equal))
                {
                    return;
                }
                _world.Call(0, Runs(clients[pair]) ? SystemCall.Call : SystemCall.ReplyRecv, endpoints[pair]);
                if (!Runs(equal))
                {
                    HandOn(clients[1 - pair]);
                }
            }
        );
    }

    /// <summary>Better ones with little time hand on to each other in between.</summary>
    [Fact]
    public void WithTheHelpOfBetterOnes()
    {
        Worker first = _world.Start(0);
        Worker second = _world.Start(0);
        Worker equal = _world.Start(0);
        Worker better = _world.MakeThread(0, 20);
        Worker best = _world.MakeThread(0, 20);
        uint wake = _world.Make(ObjectType.Notification);
        uint wakeOther = _world.Make(ObjectType.Notification);
        _world.Resume(better);
        _world.Call(0, SystemCall.Wait, wake);
        _world.Resume(best);
        _world.Call(0, SystemCall.Wait, wakeOther);
        HasItsTurn(
            equal,
            () =>
            {
                Worker next = Runs(first) ? second : first;
                Work();
                if (Runs(equal))
                {
                    return;
                }
                _world.Call(0, SystemCall.Signal, wake);
                Assert.True(Runs(better));
                _world.Call(0, SystemCall.Signal, wakeOther);
                YieldTo(best);
                Assert.True(Runs(best));
                _world.Call(0, SystemCall.Wait, wakeOther);
                _world.Call(0, SystemCall.Wait, wake);
                if (!Runs(equal))
                {
                    HandOn(next);
                }
            }
        );
    }

    /// <summary>
    /// Each time through another passive server of their priority, so that whoever hands the turn on is not whom it was
    /// handed to.
    /// </summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void ThroughOneServerAfterTheOther(int count, bool fastpath)
    {
        _world.UseFastpath = fastpath;
        uint[] endpoints = new uint[count];
        Worker[] servers = new Worker[count];
        for (int i = 0; i < count; i++)
        {
            endpoints[i] = _world.Make(ObjectType.Endpoint);
            servers[i] = _world.StartPassive(0, endpoints[i]);
        }
        Worker second = _world.Start(0);
        Worker first = _world.Start(0);
        Worker equal = _world.Start(0);
        int rounds = 0;
        HasItsTurn(
            equal,
            () =>
            {
                int turn = rounds++ % count;
                Through(servers[turn], endpoints[turn], first, second);
            }
        );
    }

    /// <summary>The second hands on through a server to the first, who hands on to the second. Ends when another runs.</summary>
    private void Through(Worker server, uint endpoint, Worker first, Worker second)
    {
        Work();
        if (!Runs(second))
        {
            return;
        }
        Renew(first.Context);
        _world.Call(0, SystemCall.Call, endpoint);
        Assert.True(Runs(server));
        YieldTo(first);
        if (!Runs(first))
        {
            return;
        }
        Work();
        if (!Runs(first))
        {
            return;
        }
        HandOn(second);
        if (Runs(server))
        {
            _world.Call(0, SystemCall.ReplyRecv, endpoint);
        }
    }
}
