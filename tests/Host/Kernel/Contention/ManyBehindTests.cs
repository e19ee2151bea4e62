using Skerry.Abi;
using Skerry.Kernel;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A step hands threads to two CPUs, of which one comes to serve its list and the other does not: that one's list is no
/// longer than what may wait and one more step, whoever else has been behind.
/// </summary>
public sealed unsafe class ManyBehindTests
{
    private const int MostWaiting = 16;
    private const int Cpus = 4;
    private const int Rounds = 9;

    private readonly World _world = new(Cpus);

    private void Queue(uint endpoint, SystemCall call, uint cpu, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _world.Start(cpu);
            _world.Call(cpu, call, endpoint);
            _world.Serve(0);
        }
    }

    [Fact]
    public void SendersThatAreCancelled()
    {
        const int each = 18;
        const int mostAtOnce = 32 + Cpus;
        uint badged = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Mint(badged, _world.Make(ObjectType.Endpoint), 1));
        for (int round = 0; round < Rounds; round++)
        {
            Queue(badged, SystemCall.Send, 1, each);
            Queue(badged, SystemCall.Send, 2, each);
        }
        Worker attacker = _world.Start(0, 62);
        ulong word3 = 0;
        uint longest = 0;
        for (int call = 0; call < Rounds; call++)
        {
            _world.SwitchTo(attacker.Thread);
            const ulong cancel = (ulong)EndpointOperation.CancelBadgedSends;
            _world.InvokeAmongOthers(attacker.Thread, badged, cancel, 0, 0, 0, word3);
            word3 = attacker.Thread->Word3;
            longest = uint.Max(longest, World.Waiting(_world.Cpu(1)));
            _world.Serve(2);
        }
        Assert.InRange<uint>(longest, MostWaiting + 1u, MostWaiting + mostAtOnce);
        Assert.Empty(Invariants.Broken(_world));
    }

    [Fact]
    public void CallersThatAreTold()
    {
        const int mostAtOnce = 3;
        uint endpoint = _world.Make(ObjectType.Endpoint);
        for (int round = 0; round < Rounds; round++)
        {
            Queue(endpoint, SystemCall.Call, 1, mostAtOnce);
            Queue(endpoint, SystemCall.Call, 2, MostWaiting + 1);
        }
        Worker attacker = _world.Start(0, 62);
        Assert.Equal(Status.Ok, _world.Delete(attacker.Reply));
        uint longest = 0;
        for (int call = 0; call < Rounds; call++)
        {
            _world.SwitchTo(attacker.Thread);
            _world.CallAmongOthers(attacker.Thread, SystemCall.Recv, endpoint);
            longest = uint.Max(longest, World.Waiting(_world.Cpu(1)));
            _world.Serve(2);
        }
        Assert.InRange<uint>(longest, MostWaiting + 1u, MostWaiting + mostAtOnce);
        Assert.Empty(Invariants.Broken(_world));
    }
}
