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
    public void Another_CPU_s_does_not_stand_in_its_place(int roundsEach, ulong microseconds)
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
    public void One_of_the_same_CPU_has_the_place_for_a_second()
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

    [Fact]
    public void It_is_of_one_CPU_and_none_when_its_thread_has_moved()
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
    public void What_a_register_holds_keeps_no_revoke_from_taking()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 10);
        Assert.False(OnTable(_world.Start(2), CapTableOperation.Delete, table));
        Assert.True(DyingTables.Any);
        Thread* revoker = _world.Start(0).Thread;
        Capability* newest = _world.Slot(_target)->LastChild;
        const ulong onceMarked = 0x4479_696e_6700_0000;
        ulong mark = onceMarked | (DyingTables.LastNumber + 1000);
        _world.InvokeAmongOthers(revoker, World.Own, (ulong)CapTableOperation.Revoke, _target, w3: mark);
        Assert.True(newest->IsEmpty);
    }
}
