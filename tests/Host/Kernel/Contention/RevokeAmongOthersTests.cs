using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// As RevokeEndsTests, but the one who revokes shares its CPU with equals, and so makes no calls for some rounds: its revoke
/// has not been left, and its turn comes all the same.
/// </summary>
public sealed class RevokeAmongOthersTests() : ContendedCalls(4)
{
    private const uint Copies = 290;
    private const uint Room = 300;
    private const uint Many = 200;

    /// <summary>Rounds of one turn.</summary>
    private const int Turn = 50;

    private readonly uint[] _own = new uint[2];
    private readonly uint[] _copies = new uint[2];
    private readonly Worker[] _attackers = new Worker[2];
    private readonly bool[] _fills = [false, true];

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 50)]
    [InlineData(true, 0)]
    [InlineData(true, 50)]
    [InlineData(true, 100)]
    [InlineData(true, 150)]
    [InlineData(false, 150)]
    public void ARevokeEnds(bool withAttackers, int pause)
    {
        uint target = _world.Make(ObjectType.Endpoint);
        uint copies = _world.Copies(target, Copies, Room - Copies);
        MakeAttackers();
        Worker victim = _world.Start(0);
        Worker copier = _world.Start(1);
        bool itsTurn = true;
        Ends(
            () => itsTurn && Revoke(victim, target),
            round =>
            {
                itsTurn = round % (Turn + pause) < Turn;
                CopyOne(copier, copies, Room);
                for (int i = 0; i < 2 && withAttackers; i++)
                {
                    Attack(i, round);
                }
            }
        );
        Good(victim.Status);
    }

    private void MakeAttackers()
    {
        for (int i = 0; i < 2; i++)
        {
            _own[i] = _world.Make(ObjectType.Endpoint);
            _attackers[i] = _world.Start(2 + (uint)i);
        }
        _copies[0] = _world.Copies(_own[0], Many);
        _copies[1] = _world.NewSlot(Many);
    }

    /// <summary>Revokes, and then refills what it revokes; it asks now and then meanwhile, to be the next.</summary>
    private void Attack(int which, int round)
    {
        Worker attacker = _attackers[which];
        uint to = _fills[which] ? _world.FirstEmpty(_copies[which], Many) : 0;
        _fills[which] = to != 0;
        if (to != 0 && round % 4 != 0)
        {
            Copy(attacker, to, _own[which]);
        }
        else if (Revoke(attacker, _own[which]))
        {
            _fills[which] = true;
        }
    }
}
