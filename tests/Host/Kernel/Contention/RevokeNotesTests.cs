using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Who copies what a victim's revoke has not reached helps it, whatever else is being revoked.</summary>
public sealed unsafe class RevokeNotesTests : ContendedCalls
{
    private const uint Room = 300;
    private const ulong Millisecond = 1000 * World.TicksPerMicrosecond;

    private readonly uint _target;
    private readonly uint _copies;
    private readonly uint _attackers;

    public RevokeNotesTests()
        : base(4)
    {
        _target = _world.Make(ObjectType.Endpoint);
        _copies = _world.Copies(_target, 4, Room - 4);
        _attackers = _world.Make(ObjectType.Endpoint);
        _world.Copies(_attackers, 40);
    }

    /// <summary>Another CPU's revoke gives way as often as the victim's, or makes a step in each 0.9 seconds.</summary>
    [Theory]
    [InlineData(1, 20)]
    [InlineData(1000, 900)]
    public void AnotherCPUSDoesNotStandInItsPlace(int roundsEach, ulong microseconds)
    {
        Worker victim = _world.Start(0);
        Worker copier = _world.Start(1);
        Worker attacker = _world.Start(3);
        Ends(
            () => Revoke(victim, _target),
            round =>
            {
                Hardware.Clock += microseconds * World.TicksPerMicrosecond;
                CopyOne(copier, _copies, Room);
                if (round % roundsEach == 0)
                {
                    Revoke(attacker, _attackers);
                }
            }
        );
        Assert.True(DerivationTree.HasChildren(_world.Slot(_attackers)), "the attacker's was over first");
    }

    /// <summary>One of the same CPU makes a step in each 0.9 seconds: it has the place for a second, then the victim has it.</summary>
    [Fact]
    public void OneOfTheSameCPUHasThePlaceForASecond()
    {
        Worker victim = _world.Start(0);
        Worker attacker = _world.Start(0);
        Worker copier = _world.Start(1);
        ulong start = Hardware.Clock;
        Ends(
            () => Revoke(victim, _target),
            round =>
            {
                if (round % 900 == 0)
                {
                    Revoke(attacker, _attackers);
                }
                Hardware.Clock += Millisecond;
                CopyOne(copier, _copies, Room);
            }
        );
        Assert.InRange(Hardware.Clock - start, 1000 * Millisecond, 2000 * Millisecond);
        Assert.True(DerivationTree.HasChildren(_world.Slot(_attackers)), "the attacker's was over first");
    }

    /// <summary>Two of the same CPU make their steps at the same moments, one behind the other: none is the next twice.</summary>
    [Fact]
    public void WhoHasWaitedLongestIsTheNext()
    {
        uint others = _world.Make(ObjectType.Endpoint);
        _world.Copies(others, 40);
        Worker victim = _world.Start(0);
        Worker[] attackers = [_world.Start(0), _world.Start(0)];
        Worker copier = _world.Start(1);
        Ends(
            () => Revoke(victim, _target),
            round =>
            {
                if (round % 900 == 0)
                {
                    Revoke(attackers[0], _attackers);
                    Revoke(attackers[1], others);
                    Revoke(attackers[0], _attackers);
                }
                Hardware.Clock += Millisecond;
                CopyOne(copier, _copies, Room);
            }
        );
        Assert.True(DerivationTree.HasChildren(_world.Slot(_attackers)), "an attacker's was over first");
        Assert.True(DerivationTree.HasChildren(_world.Slot(others)), "an attacker's was over first");
    }

    /// <summary>
    /// Somebody who can name what is revoked derives from it whenever the revoke has come to its end, with his help; and an
    /// equal has taken the place before the revoker is called again.
    /// </summary>
    [Fact]
    public void ThatOthersHaveFinishedOneIsToldWhoeverHasItsPlace()
    {
        Worker victim = _world.Start(0);
        Worker equal = _world.Start(0);
        Worker copier = _world.Start(1);
        uint to = _world.FirstEmpty(_copies, Room);
        Assert.False(Revoke(victim, _target));
        while (Revocation.IsUnderWay)
        {
            Copy(copier, to, _target);
        }
        Assert.False(Revoke(equal, _attackers));
        Assert.True(Copy(copier, to, _target));
        Good(copier.Status);
        Assert.True(Revoke(victim, _target));
        Good(victim.Status);
        Assert.True(DerivationTree.HasChildren(_world.Slot(_target)), "it took what was derived behind its end");
    }

    /// <summary>Nor is it kept by somebody else's tables.</summary>
    [Fact]
    public void OneThatIsOverWaitsForNobodysTables()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 12);
        Worker victim = _world.Start(0);
        Worker copier = _world.Start(1);
        uint to = _world.FirstEmpty(_copies, Room);
        Assert.False(Revoke(victim, _target));
        while (Revocation.IsUnderWay)
        {
            Copy(copier, to, _target);
        }
        Assert.False(OnTable(_world.Start(2), CapTableOperation.Delete, table));
        Assert.True(DyingTables.Any);
        Assert.True(Copy(copier, to, _target));
        Assert.True(Revoke(victim, _target));
        Assert.False(Revocation.IsUnderWay);
        Assert.True(DyingTables.Any);
        Good(victim.Status);
        Assert.False(_world.Slot(to)->IsEmpty);
    }

    /// <summary>A copy that has helped is made on the fast path at last; the next one is another call.</summary>
    [Fact]
    public void WhatACallHasHelpedIsNothingToTheNext()
    {
        Worker copier = _world.Start(1);
        Worker friend = _world.Start(2);
        Worker victim = _world.Start(3);
        Assert.False(Revoke(friend, _attackers));
        uint to = _world.NewSlot(2);
        Assert.False(Copy(copier, to, _attackers));
        Good(_world.OnThread(friend.Slot, ThreadOperation.Suspend));
        _world.UseFastpath = true;
        int before = _world.FastCalls;
        Assert.True(Copy(copier, to, _attackers));
        Assert.Equal(1, _world.FastCalls - before);
        Assert.False(Revoke(victim, _target));
        Assert.False(Copy(copier, to + 1, _copies), "it copied what is being revoked without a step of help");
    }

    [Fact]
    public void ItIsOfOneCPUAndNoneWhenItsThreadHasMoved()
    {
        Worker revoker = _world.Start(0);
        Assert.False(Revoke(revoker, _attackers));
        Assert.True(Revocation.IsUnderWay);
        ulong setCpu = (ulong)ThreadOperation.SetCpu;
        Good(_world.Invoke(2, revoker.Slot, setCpu, World.FirstSchedControl + 3));
        Assert.False(Revocation.IsUnderWay);
        _world.Serve(3);
        Assert.False(Revoke(revoker, _attackers));
        Assert.True(_world.Cpu(3)->Revoke.Revoker == revoker.Thread);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>Up to which table a revoke waits is nothing that a user can say: once it was word 3.</summary>
    [Fact]
    public void WhatARegisterHoldsKeepsNoRevokeFromTaking()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 10);
        Assert.False(OnTable(_world.Start(2), CapTableOperation.Delete, table));
        Assert.True(DyingTables.Any);
        Thread* revoker = _world.Start(0).Thread;
        Capability* newest = _world.Slot(_target)->LastChild;
        const ulong onceMarked = 0x4479_696e_6700_0000;
        ulong mark = onceMarked | (DyingTables.Come + 1000);
        _world.InvokeAmongOthers(revoker, World.Own, (ulong)CapTableOperation.Revoke, _target, w3: mark);
        Assert.True(newest->IsEmpty);
    }
}
