using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A revoke ends beside one who copies what it has not reached, and two of another CPU who revoke what is their own, by turns.
/// </summary>
public sealed class RevokeEndsTests() : ContendedCalls(3)
{
    private const uint Room = 200;

    private readonly uint[] _own = new uint[2];
    private readonly uint[] _copies = new uint[2];
    private readonly Worker[] _attackers = new Worker[2];
    private int _revoking;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARevokeEnds(bool withAttackers)
    {
        uint target = _world.Make(ObjectType.Endpoint);
        uint copies = _world.Copies(target, 4, Room - 4);
        for (int i = 0; i < 2; i++)
        {
            _own[i] = _world.Make(ObjectType.Endpoint);
            _attackers[i] = _world.Start(2);
        }
        _copies[0] = _world.Copies(_own[0], 20, Room - 20);
        _copies[1] = _world.NewSlot(Room);
        Worker victim = _world.Start(0);
        Worker copier = _world.Start(1);
        Ends(
            () => Revoke(victim, target),
            round =>
            {
                CopyOne(copier, copies, Room);
                if (withAttackers)
                {
                    Attack(round);
                }
            }
        );
        Good(victim.Status);
    }

    /// <summary>One revokes, and the other copies its own meanwhile; when the first has ended the other revokes at once.</summary>
    private void Attack(int round)
    {
        int other = 1 - _revoking;
        if (round % 4 != 0)
        {
            if (_world.FirstEmpty(_copies[other], Room) is uint to and not 0)
            {
                Copy(_attackers[other], to, _own[other]);
            }
        }
        else if (Revoke(_attackers[_revoking], _own[_revoking]))
        {
            // In the time of one call, as both wait for the lock by turns.
            Revoke(_attackers[other], _own[other]);
            _revoking = other;
        }
    }
}
