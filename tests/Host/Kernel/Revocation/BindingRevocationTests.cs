using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Whoever binds what is being revoked adds to it as whoever copies it does.</summary>
public sealed unsafe class BindingRevocationTests
{
    private const int MostRounds = 500;
    private const uint Threads = 9;

    private readonly World _world = new(4);

    private void Ends(uint revoked, System.Action<uint, uint> bind)
    {
        int rounds = 0;
        uint turn = 0;
        bool ended = true;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            if (++rounds > MostRounds)
            {
                ended = false;
                LocalApic.AsksUntilPending = -1;
                return;
            }
            for (uint cpu = 1; cpu < 4; cpu++)
            {
                bind(cpu, turn++ % Threads);
            }
            LocalApic.AsksUntilPending = 0;
        };
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Own, (ulong)CapTableOperation.Revoke, revoked));
        Assert.True(ended, $"{rounds} rounds, and it does not end");
        Assert.NotEqual(0, rounds);
    }

    /// <summary>SetBuffer of nine threads that are never run, by three CPUs.</summary>
    [Fact]
    public void ThreeWhoSetBuffersDoNotOutrunIt()
    {
        uint frame = _world.Make(ObjectType.Frame);
        var threads = new uint[Threads];
        for (int i = 0; i < Threads; i++)
        {
            threads[i] = _world.Make(ObjectType.Thread);
            Assert.Equal(Status.Ok, _world.OnThread(threads[i], ThreadOperation.SetBuffer, frame));
        }
        Ends(
            frame,
            (cpu, i) => _world.InvokeBetween(cpu, threads[i], (ulong)ThreadOperation.SetBuffer, World.Pack(frame, 0))
        );
    }

    /// <summary>SetScheduling of nine threads by a control that is being revoked.</summary>
    [Fact]
    public void ThreeWhoGivePrioritiesDoNotOutrunIt()
    {
        uint control = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.DeriveControl(control, World.FirstSchedControl, 30));
        var threads = new uint[Threads];
        for (int i = 0; i < Threads; i++)
        {
            threads[i] = _world.Make(ObjectType.Thread);
        }
        void Bind(uint cpu, uint i) =>
            _world.InvokeBetween(cpu, threads[i], (ulong)ThreadOperation.SetScheduling, World.Pack(10, 0), control);
        for (uint i = 0; i < Threads; i++)
        {
            Bind(0, i);
        }
        Ends(control, Bind);
    }

    /// <summary>A thread has a table only if it holds it: else the table's memory is used again while the thread uses it.</summary>
    [Fact]
    public void AThreadThatIsToHaveWhatIsBeingRevokedDoesNotGetItUnheld()
    {
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(Status.Ok, _world.Copy(_world.NewSlot(), table));
        }
        uint thread = _world.Make(ObjectType.Thread);
        bool first = true;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            LocalApic.AsksUntilPending = -1;
            if (first)
            {
                first = false;
                ulong spaces = World.Pack(table, World.Space);
                _world.InvokeBetween(1, thread, (ulong)ThreadOperation.SetSpaces, spaces, 1);
            }
            Assert.Empty(Invariants.Broken(_world));
        };
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Own, (ulong)CapTableOperation.Revoke, table));
        Assert.False(first);
        Assert.Empty(Invariants.Broken(_world));
        Assert.Equal(_world.ThreadAt(thread)->Capabilities == null, _world.ThreadAt(thread)->CapTableBinding.IsEmpty);
    }
}
