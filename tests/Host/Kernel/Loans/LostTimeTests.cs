using System;
using System.Linq;
using Skerry.Abi;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A thread waits for the cluster lock at the start of a system call, and another CPU takes its time away, or all that it
/// has: whatever the call is, there is a status, and nothing breaks.
/// </summary>
public sealed unsafe class LostTimeTests
{
    private readonly World _world = new(2);
    private readonly uint[] _slots;
    private readonly Worker _worker;
    private readonly Worker _equal;

    public LostTimeTests()
    {
        _equal = _world.MakeThread(1);
        _worker = _world.Start(1);
        _world.Resume(_equal);
        _slots =
        [
            World.Own,
            World.Space,
            World.Untyped,
            World.FirstCpuControl + 1,
            World.FirstSchedControl + 1,
            _worker.Slot,
            _worker.Context,
            _worker.Reply,
            _equal.Slot,
            _equal.Context,
            _world.Make(ObjectType.Endpoint, 1),
            _world.Make(ObjectType.Endpoint),
            _world.Make(ObjectType.Notification, 1),
            _world.Make(ObjectType.Frame),
        ];
        Assert.True(_world.Cpu(1)->Current == _worker.Thread);
    }

    public static TheoryData<SystemCall> Calls => [.. Enum.GetValues<SystemCall>()];

    /// <summary>Each system call with each kind of capability; Invoke with all numbers of operations.</summary>
    [Theory]
    [MemberData(nameof(Calls))]
    public void ACallWhoseThreadHasLostItsTimeBreaksNothing(SystemCall call)
    {
        int operations = call == SystemCall.Invoke ? 24 : 1;
        int slots = _slots.Length;
        for (int i = 0; i < slots * operations; i++)
        {
            var tests = new LostTimeTests();
            tests.Make(call, tests._slots[i % slots], (ulong)(i / slots));
        }
    }

    private void Make(SystemCall call, uint slot, ulong operation)
    {
        Late(call, slot, MessageInfo.Of(operation, 4).Value, TakeTime);
        Assert.Empty(Invariants.Broken(_world));
        _world.Schedule(_worker.Slot, 10, _worker.Context);
        Assert.Empty(Invariants.Broken(_world));
    }

    private void TakeTime() => Assert.Equal(Status.Ok, _world.Schedule(_worker.Slot, 10));

    private void Late(SystemCall call, uint slot, ulong info, Action others) =>
        _world.WhileWaiting(
            1,
            others,
            () => _world.Call(1, call, slot, info, _worker.Context, 1, World.FirstSchedControl + 1)
        );

    [Fact]
    public void YieldToOfAThreadThatHasLostItsTimeIsRefused()
    {
        ulong info = MessageInfo.Of((ulong)SchedContextOperation.YieldTo, 4).Value;
        Late(SystemCall.Invoke, _equal.Context, info, TakeTime);
        Assert.Equal(Status.InvalidState, _worker.Status);
        Assert.True(_world.Cpu(1)->Current == _equal.Thread);
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>Else the test shows nothing: it is the thread's own call that waits.</summary>
    [Fact]
    public void OthersActWhileACallWaits()
    {
        int acts = 0;
        Late(SystemCall.Invoke, _equal.Context, MessageInfo.Of(77, 4).Value, () => acts++);
        Assert.Equal(1, acts);
        Assert.Equal(Status.UnknownOperation, _worker.Status);
        Assert.Contains(SystemCall.Invoke, Calls.Select(row => row.Data));
    }
}
