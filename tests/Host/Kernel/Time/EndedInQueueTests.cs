using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A thread whose budget has ended goes on for a moment, as an interrupt comes before its Timeout is told. Whatever takes it
/// off its CPU then, its context does not stand among those that wait for their refill while it is charged.
/// </summary>
public sealed unsafe class EndedInQueueTests
{
    private const ulong Microsecond = World.TicksPerMicrosecond;

    private readonly World _world = new(2);
    private readonly Worker _other;
    private readonly Worker _ended;

    public EndedInQueueTests()
    {
        _other = _world.MakeThread(1, 20);
        Assert.Equal(Status.Ok, _world.Configure(_other.Context, 1_000, 150_000, 1));
        _ended = _world.MakeThread(1);
        Assert.Equal(Status.Ok, _world.Configure(_ended.Context, 10, 100_000, 1));
        Assert.Equal(Status.Ok, OnEnded(ThreadOperation.SetFaults, (ulong)ThreadFaults.Timeout));
        _world.Resume(_other);
        _world.Resume(_ended);
        _world.Pass(1_000 * Microsecond, 1);
        Assert.True(_world.Cpu(1)->Current == _ended.Thread);
        Hardware.Clock += 10 * Microsecond;
        _world.WhileWaiting(1, () => { }, () => _world.Tick(1), true);
        LocalApic.IsInterruptedWaiting = false;
        Assert.True(_world.Cpu(1)->Charged == _world.Context(_ended));
        Assert.Equal(0ul, _world.Context(_ended)->Remaining);
        Assert.Empty(Invariants.Broken(_world));
    }

    private Status OnEnded(ThreadOperation operation, ulong w0 = 0) => _world.OnThread(_ended.Slot, operation, w0);

    private Status OnCpu(CpuControlOperation operation) =>
        _world.Invoke(0, World.FirstCpuControl + 1, (ulong)operation);

    private Status Act(string what) =>
        what switch
        {
            "Park" => OnCpu(CpuControlOperation.Park) | OnCpu(CpuControlOperation.Wake),
            "SetFaults" => OnEnded(ThreadOperation.SetFaults),
            "SetPriority" => OnEnded(ThreadOperation.SetPriority, 5),
            "SetCpu" => OnEnded(ThreadOperation.SetCpu, World.FirstSchedControl),
            "Configure" => _world.Configure(_ended.Context, 20, 90_000, 1),
            "SetScheduling" => _world.Schedule(_ended.Slot, 10),
            _ => OnEnded(ThreadOperation.Suspend) | OnEnded(ThreadOperation.Resume),
        };

    /// <summary>Each of these comes by a rendezvous, whose interrupt is the first of all that wait.</summary>
    [Theory]
    [InlineData("Park")]
    [InlineData("SetFaults")]
    [InlineData("SetPriority")]
    [InlineData("SetCpu")]
    [InlineData("Configure")]
    [InlineData("SetScheduling")]
    [InlineData("Suspend")]
    public void TheRefillOfAnotherComesInTime(string what)
    {
        ulong due = _world.Context(_other)->RefillAt;
        // More than its budget.
        Hardware.Clock += 25 * Microsecond;
        Assert.Equal(Status.Ok, Act(what));
        _world.Serve(1);
        Assert.Empty(Invariants.Broken(_world));
        while (_world.Context(_other)->Remaining == 0 && Hardware.Clock < 2 * due)
        {
            _world.Pass(1_000 * Microsecond, 1);
        }
        Assert.InRange(Hardware.Clock, due, due + 1_000 * Microsecond);
    }
}
