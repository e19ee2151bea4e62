using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Two CPUs, as a cluster has by default, so that there is one attacker's call for each of the victim's. The victim copies an
/// endpoint that it may only send to. The attacker has two capabilities to it with more rights, of which neither has those of
/// the other, and revokes the copies of one while it makes copies of the other.
/// </summary>
public sealed class CopyEndsTests() : ContendedCalls(2)
{
    private const uint Send = (uint)EndpointRights.Send;
    private const uint Room = 10 * Courier.Load;

    private readonly uint[] _own = new uint[2];
    private readonly uint[] _copies = new uint[2];
    private readonly Worker[] _revokers = new Worker[2];
    private Courier _courier = null!;
    private int _revoking = 1;

    private uint MakeEndpoint()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint victims = _world.NewSlot();
        Good(_world.Copy(victims, endpoint, Send));
        uint[] more = [(uint)EndpointRights.Receive, (uint)EndpointRights.Grant];
        for (int i = 0; i < 2; i++)
        {
            _own[i] = _world.NewSlot();
            Good(_world.Copy(_own[i], endpoint, Send | more[i]));
        }
        return victims;
    }

    private void MakeAttacker()
    {
        _copies[0] = _world.Copies(_own[0], 9, Room - 9);
        _copies[1] = _world.NewSlot(Room);
        _courier = new Courier(_world, 1);
        _revokers[0] = _world.Start(1);
        _revokers[1] = _world.Start(1);
    }

    private void Attack()
    {
        if (!Revocation.IsUnderWay)
        {
            _revoking = 1 - _revoking;
            Revoke(_revokers[_revoking], _own[_revoking]);
        }
        else if (!_courier.Waits)
        {
            _courier.Return();
        }
        else if (RoomIn(_copies[1 - _revoking]) is uint room and not 0)
        {
            _courier.Bring(_own[1 - _revoking], room);
        }
    }

    private uint RoomIn(uint copies)
    {
        for (uint slot = copies; slot < copies + Room; slot += Courier.Load)
        {
            if (_world.LastFull(slot, Courier.Load) == 0)
            {
                return slot;
            }
        }
        return 0;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACopyEndsOnTwoCPUs(bool withAttacker)
    {
        uint victims = MakeEndpoint();
        MakeAttacker();
        uint destination = _world.NewSlot();
        Worker victim = _world.Start(0);
        Ends(
            () => Copy(victim, destination, victims),
            _ =>
            {
                if (withAttacker)
                {
                    Attack();
                }
            }
        );
        Good(victim.Status);
    }
}
