using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A revoke that gives way after each step, and others who add capabilities in between: it comes to its end.</summary>
public sealed unsafe class RevocationTests
{
    private const int MostRounds = 200;
    private const uint Copies = 20;

    private readonly World _world = new(4);
    private readonly uint _endpoint;
    private readonly uint[] _slots = new uint[64];

    public RevocationTests()
    {
        _endpoint = _world.Make(ObjectType.Endpoint);
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = _world.NewSlot();
        }
        for (uint i = 0; i < Copies; i++)
        {
            Assert.Equal(Status.Ok, CopyFrom(_endpoint, _slots[i], by: 0));
        }
    }

    /// <summary>An interrupt behind each step, and then each of the other CPUs copies what it finds of the revoked.</summary>
    [Fact]
    public void ThreeWhoCopyDoNotOutrunIt()
    {
        int rounds = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            Assert.True(++rounds < MostRounds, "it does not end");
            for (uint cpu = 1; cpu < 4; cpu++)
            {
                CopyOne(cpu);
            }
            LocalApic.AsksUntilPending = 0;
        };
        Assert.Equal(Status.Ok, Revoke());
        Assert.True(rounds > 1);
        Assert.False(DerivationTree.HasChildren(_world.Slot(_endpoint)));
        Assert.False(Revocation.IsUnderWay);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>Its thread is stopped in the midst: nobody goes on with it, as who stopped it may want that.</summary>
    [Fact]
    public void OneThatIsGivenUpIsForgotten()
    {
        int rounds = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            rounds++;
            Assert.True(Revocation.IsUnderWay);
            Revocation.Forget(_world.Operator(0));
            CopyOne(1);
            Assert.False(Revocation.IsUnderWay);
            LocalApic.AsksUntilPending = -1;
        };
        Assert.Equal(Status.Ok, Revoke());
        Assert.Equal(1, rounds);
    }

    [Fact]
    public void AFastCopyStandsBackWhileOneIsUnderWay()
    {
        Worker worker = _world.Start(1, 20);
        int before = _world.FastCalls;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            LocalApic.AsksUntilPending = -1;
            ulong info = MessageInfo.Of((ulong)CapTableOperation.Copy, 4).Value;
            _world.UseFastpath = true;
            _world.Call(1, SystemCall.Invoke, World.Own, info, _slots[63], World.Pack(_endpoint, 7));
            _world.UseFastpath = false;
        };
        worker.Thread->Rip = 0x1002;
        Assert.Equal(Status.Ok, Revoke());
        // The slow one has helped a step, and is made again.
        Assert.Equal((before, 0x1000ul), (_world.FastCalls, worker.Thread->Rip));
    }

    private Status Revoke() => _world.Invoke(0, World.Own, (ulong)CapTableOperation.Revoke, _endpoint);

    private void CopyOne(uint cpu)
    {
        uint source = 0;
        uint empty = 0;
        foreach (uint slot in _slots)
        {
            if (_world.Slot(slot)->IsEmpty)
            {
                empty = empty == 0 ? slot : empty;
            }
            else
            {
                source = slot;
            }
        }
        if (source != 0 && empty != 0)
        {
            CopyFrom(source, empty, cpu);
        }
    }

    private Status CopyFrom(uint source, uint slot, uint by) =>
        _world.InvokeBetween(by, World.Own, (ulong)CapTableOperation.Copy, slot, World.Pack(source, 7));

    /// <summary>Whoever has nothing to do with what is revoked neither waits for it nor works for it.</summary>
    [Fact]
    public void ACopyOfSomethingElseTakesNothingAway()
    {
        uint other = _world.Make(ObjectType.Endpoint);
        int left = 0;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            LocalApic.AsksUntilPending = -1;
            int before = CopiesLeft();
            Assert.Equal(Status.Ok, CopyFrom(other, _slots[40], by: 1));
            _world.InvokeBetween(
                1,
                World.Untyped,
                (ulong)UntypedOperation.Retype,
                World.RetypeWord(ObjectType.Endpoint),
                World.Pack(0, _world.NewSlot()),
                1
            );
            left = CopiesLeft() - 1;
            Assert.Equal(before, left);
        };
        Assert.Equal(Status.Ok, Revoke());
        Assert.NotEqual(0, left);
    }

    private int CopiesLeft()
    {
        int left = 0;
        foreach (uint slot in _slots)
        {
            left += _world.Slot(slot)->IsEmpty ? 0 : 1;
        }
        return left;
    }
}
