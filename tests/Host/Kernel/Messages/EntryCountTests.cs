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

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private ulong Entries()
    {
        const ulong read = (ulong)CpuControlOperation.ReadCounters;
        Status status = _world.Invoke(1, World.FirstCpuControl, read, (ulong)CpuCounter.Entries);
        Good(status);
        return _world.Operator(1)->Word0;
    }

    private void Once(System.Action enter)
    {
        int taken = _world.FastCalls;
        ulong before = Entries();
        enter();
        Assert.Equal(taken + 1, _world.FastCalls);
        Assert.Equal(before + 1, Entries());
    }

    private void OnCall(SystemCall call, ulong slot, ulong info = 0) => Once(() => _world.Call(0, call, slot, info));

    private void OnTable(CapTableOperation operation, ulong w0, ulong w1 = 0) =>
        Once(() => Good(_world.InvokeByCurrent(0, World.Own, (ulong)operation, w0, w1)));

    [Fact]
    public void CopyDeleteRetypeAndMap()
    {
        uint untyped = _world.Make(ObjectType.Untyped, sizeBits: 12);
        Good(_world.Retype(untyped, ObjectType.Endpoint, _world.NewSlot()));
        uint endpoint = _world.NewSlot();
        uint copy = _world.NewSlot();
        uint frame = _world.Make(ObjectType.Frame);
        for (uint level = 3; level >= 1; level--)
        {
            uint table = _world.Make(ObjectType.PageTable);
            ulong map = (ulong)PageTableOperation.Map;
            Good(_world.Invoke(0, table, map, World.Space, Page, level));
        }
        _world.Operate(0);
        ulong word = World.RetypeWord(ObjectType.Endpoint);
        ulong space = World.Pack(World.Space, (uint)FrameRights.Read);
        Once(() =>
            Good(_world.InvokeByCurrent(0, untyped, (ulong)UntypedOperation.Retype, word, World.Pack(0, endpoint)))
        );
        OnTable(CapTableOperation.Copy, copy, World.Pack(endpoint, 7));
        OnTable(CapTableOperation.Delete, copy);
        // Now its last one.
        OnTable(CapTableOperation.Delete, endpoint);
        Once(() => Good(_world.InvokeByCurrent(0, frame, (ulong)FrameOperation.Map, space, Page, 0, 1)));
    }

    [Fact]
    public void SignalPollWaitNBSendAndYield()
    {
        uint notification = _world.Make(ObjectType.Notification);
        uint endpoint = _world.Make(ObjectType.Endpoint);
        _world.Operate(0);
        OnCall(SystemCall.Poll, notification);
        OnCall(SystemCall.Signal, notification);
        OnCall(SystemCall.Signal, notification);
        OnCall(SystemCall.Poll, notification);
        OnCall(SystemCall.Signal, notification);
        OnCall(SystemCall.Wait, notification);
        OnCall(SystemCall.NBSend, endpoint);
        OnCall(SystemCall.Yield, 0);
    }

    [Fact]
    public void CallAndAnswer()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        Worker server = _world.StartPassive(0, endpoint, 20);
        Worker client = _world.Start(0);
        OnCall(SystemCall.Call, endpoint, 1);
        Assert.True(_world.Cpu(0)->Current == server.Thread);
        OnCall(SystemCall.ReplyRecv, endpoint, 1);
        Assert.True(_world.Cpu(0)->Current == client.Thread);
    }

    [Fact]
    public void FaultAndItsAnswer()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint table = _world.Make(ObjectType.CapTable, sizeBits: 4);
        ulong place = World.Pack(FirstInTable, 0);
        ulong source = World.Pack(endpoint, 7);
        Good(_world.Invoke(0, table, (ulong)CapTableOperation.Copy, place, source));
        ulong set = (ulong)AddressSpaceOperation.SetFaultTable;
        Good(_world.Invoke(0, World.Space, set, table));
        Worker pager = _world.StartPassive(0, endpoint, 20);
        Worker faulter = _world.Start(0);
        ulong before = Entries();
        _world.Fault(0, Page);
        Assert.True(_world.Cpu(0)->Current == pager.Thread);
        Assert.Equal(before + 1, Entries());
        OnCall(SystemCall.ReplyRecv, endpoint);
        Assert.True(_world.Cpu(0)->Current == faulter.Thread);
    }
}
