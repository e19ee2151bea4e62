using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Each entry is counted once, whatever door it takes: by ReadCounters of another CPU, which enters by itself alone.
/// That no call of any other test is counted twice, or by a door that declines it, <see cref="World.Call"/> sees to.
/// </summary>
public sealed unsafe class EntryCountTests
{
    private const uint FirstInTable = 1;
    private const ulong Page = 0x40_0000;

    private readonly World _world = new(2);

    private ulong Entries()
    {
        const ulong read = (ulong)CpuControlOperation.ReadCounters;
        Status status = _world.Invoke(1, World.FirstCpuControl, read, (ulong)CpuCounter.Entries);
        Assert.Equal(Status.Ok, status);
        return _world.Operator(1)->Word0;
    }

    /// <summary>By the operator, who runs.</summary>
    private void Once(
        SystemCall call,
        ulong slot,
        ulong info = 0,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        ulong w3 = 0
    )
    {
        int taken = _world.FastCalls;
        ulong before = Entries();
        _world.Call(0, call, slot, info, w0, w1, w2, w3);
        Assert.Equal(taken + 1, _world.FastCalls);
        Assert.Equal(before + 1, Entries());
    }

    private void Once(ulong slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0, ulong w3 = 0)
    {
        Once(SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, w0, w1, w2, w3);
        Assert.Equal((ulong)Status.Ok, _world.Operator(0)->Rax);
    }

    [Fact]
    public void Copy_delete_retype_and_map()
    {
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 12);
        Assert.Equal(Status.Ok, _world.Retype(untyped, ObjectType.Endpoint, _world.NewSlot()));
        uint endpoint = _world.NewSlot();
        uint copy = _world.NewSlot();
        uint frame = _world.Make(ObjectType.Frame);
        for (uint level = 3; level >= 1; level--)
        {
            uint table = _world.Make(ObjectType.PageTable);
            ulong map = (ulong)PageTableOperation.Map;
            Assert.Equal(Status.Ok, _world.Invoke(0, table, map, World.Space, Page, level));
        }
        _world.Operate(0);
        Once(untyped, (ulong)UntypedOperation.Retype, World.RetypeWord(ObjectType.Endpoint), World.Pack(0, endpoint));
        Once(World.Own, (ulong)CapTableOperation.Copy, copy, World.Pack(endpoint, 7));
        Once(World.Own, (ulong)CapTableOperation.Delete, copy);
        // Now its last one.
        Once(World.Own, (ulong)CapTableOperation.Delete, endpoint);
        Once(frame, (ulong)FrameOperation.Map, World.Pack(World.Space, (uint)FrameRights.Read), Page, 0, 1);
    }

    [Fact]
    public void Signal_poll_wait_NBSend_and_yield()
    {
        uint notification = _world.Make(ObjectType.Notification);
        uint endpoint = _world.Make(ObjectType.Endpoint);
        _world.Operate(0);
        Once(SystemCall.Poll, notification);
        Once(SystemCall.Signal, notification);
        Once(SystemCall.Signal, notification);
        Once(SystemCall.Poll, notification);
        Once(SystemCall.Signal, notification);
        Once(SystemCall.Wait, notification);
        Once(SystemCall.NBSend, endpoint);
        Once(SystemCall.Yield, 0);
    }

    [Fact]
    public void Call_and_answer()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, 20);
        Worker client = _world.Start(0);
        Once(SystemCall.Call, endpoint, 1);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        Once(SystemCall.ReplyRecv, endpoint, 1);
        Assert.True(_world.Cpu(0)->Current == client.Thread);
    }

    [Fact]
    public void Fault_and_its_answer()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        ulong place = World.Pack(FirstInTable, 0);
        ulong source = World.Pack(endpoint, 7);
        Assert.Equal(Status.Ok, _world.Invoke(0, table, (ulong)CapTableOperation.Copy, place, source));
        ulong set = (ulong)AddressSpaceOperation.SetFaultTable;
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Space, set, table));
        Worker pager = _world.StartPassive(0, endpoint, 20);
        Worker faulter = _world.Start(0);
        ulong before = Entries();
        _world.Fault(0, Page);
        Assert.True(_world.Cpu(0)->Current == pager.Thread);
        Assert.Equal(before + 1, Entries());
        Once(SystemCall.ReplyRecv, endpoint);
        Assert.True(_world.Cpu(0)->Current == faulter.Thread);
    }
}
