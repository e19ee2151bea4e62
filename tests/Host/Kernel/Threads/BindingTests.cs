using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What is bound in place of something else, or goes with whom it was bound to, whatever that takes along.</summary>
public sealed unsafe class BindingTests
{
    private const uint TableBits = 4;

    private readonly World _world = new();

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private void Consistent() => Assert.Empty(Invariants.Broken(_world));

    private void InterruptAlways()
    {
        _world.Between ??= () => LocalApic.AsksUntilPending = 0;
        LocalApic.AsksUntilPending = 0;
    }

    private void Stop()
    {
        _world.Between = null;
        LocalApic.AsksUntilPending = -1;
    }

    private Status InTable(uint table, CapTableOperation operation, uint slot, uint source) =>
        _world.Invoke(0, table, (ulong)operation, World.Pack(slot, 0), World.Pack(source, 7));

    /// <summary>
    /// The thread's old table is the last way to the caller, whose table is the last way to the thread: both go while the
    /// thread is given its new table, which neither may hold then.
    /// </summary>
    [Fact]
    public void TheOldTableMayTakeCallerAndThreadAlong()
    {
        uint thread = _world.Make(ObjectType.Thread);
        uint old = _world.Make(ObjectType.CapTable, sizeBits: TableBits);
        uint callers = _world.Make(ObjectType.CapTable, sizeBits: TableBits);
        uint next = _world.Make(ObjectType.CapTable, sizeBits: TableBits);
        Good(_world.OnThread(thread, ThreadOperation.SetSpaces, World.Pack(old, World.Space)));
        // Slot 2 of `next` is the table itself and slot 3 the space, which so are named through slot 4 of the caller's.
        Good(InTable(next, CapTableOperation.Copy, 2, next));
        Good(InTable(next, CapTableOperation.Copy, 3, World.Space));
        Good(InTable(callers, CapTableOperation.Copy, 4, next));
        Worker caller = _world.Start(0);
        Good(_world.OnThread(caller.Slot, ThreadOperation.Suspend));
        Good(_world.OnThread(caller.Slot, ThreadOperation.SetSpaces, World.Pack(callers, World.Space)));
        Good(InTable(callers, CapTableOperation.Move, 5, thread));
        Good(InTable(old, CapTableOperation.Move, 5, caller.Slot));
        Good(_world.Delete(old));
        Good(_world.Delete(callers));
        ClusterLock.Hold(() => Threads.Wake(_world.Cpu(0), caller.Thread));
        Assert.True(_world.Choose(0) == caller.Thread);
        ulong info = MessageInfo.Of((ulong)ThreadOperation.SetSpaces, 4).Value;
        _world.Call(0, SystemCall.Invoke, 5, info, World.Pack(4u << 24 | 2, 4u << 24 | 3));
        Assert.Equal(ThreadState.Inactive, caller.State);
        Consistent();
    }

    [Fact]
    public void AThreadHasItsOldSpacesOrItsNewOnes()
    {
        uint old = _world.Make(ObjectType.CapTable, sizeBits: 7);
        uint otherSpace = _world.Make(ObjectType.AddressSpace);
        uint thread = _world.Make(ObjectType.Thread);
        Good(_world.OnThread(thread, ThreadOperation.SetSpaces, World.Pack(old, World.Space)));
        for (uint i = 1; i < 128; i++)
        {
            Good(InTable(old, CapTableOperation.Copy, i, World.Space));
        }
        Good(_world.Delete(old));
        int between = 0;
        _world.Between = () =>
        {
            Thread* half = _world.ThreadAt(thread);
            Assert.True(half->Capabilities == _world.Table);
            Assert.True(half->AddressSpace == _world.Slot(otherSpace)->Object);
            between++;
            LocalApic.AsksUntilPending = 0;
        };
        InterruptAlways();
        Good(_world.OnThread(thread, ThreadOperation.SetSpaces, World.Pack(World.Own, otherSpace)));
        Stop();
        Assert.True(between > 50);
        Consistent();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnotherAddressSpaceSeesNoRegistersOfTheOldOne(bool other)
    {
        Worker worker = _world.MakeThread(0);
        Thread* thread = worker.Thread;
        FillRegisters(thread);
        uint space = other ? _world.Make(ObjectType.AddressSpace) : World.Space;
        Good(_world.OnThread(worker.Slot, ThreadOperation.SetSpaces, World.Pack(World.Own, space)));
        Assert.Equal(!other, HasRegisters(thread));
    }

    [Fact]
    public void WhatIsLostBeforeTheNextAddressSpaceComesIsGoneToo()
    {
        uint first = _world.Make(ObjectType.AddressSpace);
        uint thread = _world.Make(ObjectType.Thread);
        Good(_world.OnThread(thread, ThreadOperation.SetSpaces, World.Pack(World.Own, first)));
        FillRegisters(_world.ThreadAt(thread));
        Good(_world.Revoke(first));
        Assert.True(_world.ThreadAt(thread)->Root == 0);
        Good(_world.OnThread(thread, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space)));
        Assert.False(HasRegisters(_world.ThreadAt(thread)));
    }

    [Fact]
    public void AThreadBeginsWithRegistersOfItsOwn()
    {
        Worker worker = _world.MakeThread(0);
        FillRegisters(worker.Thread);
        Good(_world.OnThread(worker.Slot, ThreadOperation.WriteRegisters, 0x1000, 0x2000, 3));
        Assert.False(HasRegisters(worker.Thread));
        Assert.Equal(0x1000ul, worker.Thread->Rip);
        Assert.Equal(0x2000ul, worker.Thread->Rsp);
        Assert.Equal(3ul, worker.Thread->Rdi);
    }

    private const ulong Secret = 0x5ec2e7;

    private static void FillRegisters(Thread* thread)
    {
        thread->Rip = 0x7000;
        thread->R8 = thread->Rbp = thread->Word0 = thread->Info = Secret;
        ((ulong*)&thread->ExtendedState)[20] = Secret;
        ((ulong*)&thread->ExtendedState)[100] = Secret;
    }

    private static bool HasRegisters(Thread* thread)
    {
        for (var word = (ulong*)thread; word < thread + 1; word++)
        {
            if (*word == Secret)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>More than a step tells wait at the notification, which goes with the handler, or with Clear.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AllWhoWaitForAnInterruptAreToldThatNoneWillCome(bool clears)
    {
        const int waiters = 40;
        (uint handler, uint notification) = _world.OpenIrq(5, 0, InterruptFlags.Level);
        var all = new Worker[waiters];
        for (int i = 0; i < waiters; i++)
        {
            all[i] = _world.Start(0, 20);
            _world.Call(0, SystemCall.Wait, notification);
        }
        IrqHandler* irq = _world.Irq(handler);
        uint badged = notification - 1;
        Good(_world.Delete(badged));
        Good(_world.Delete(notification));
        InterruptAlways();
        Good(clears ? _world.OnIrq(handler, IrqHandlerOperation.Clear) : _world.Delete(handler));
        Stop();
        Assert.True(_world.Restarts >= 1);
        foreach (Worker worker in all)
        {
            Assert.Equal(Status.Cancelled, worker.Status);
            Assert.NotEqual(ThreadState.Waiting, worker.State);
        }
        Assert.True(irq->Binding.IsEmpty);
        Assert.Equal((uint)IrqState.Closed, irq->State);
        Assert.Equal(clears ? IrqKind.IoApic : IrqKind.Free, irq->Kind);
        Consistent();
    }
}
