using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Making objects and threads by the operations that components use.</summary>
internal sealed unsafe partial class World
{
    public static ulong RetypeWord(ObjectType type, uint count = 1, uint sizeBits = 0, uint cpu = 0) =>
        (ulong)type | ((ulong)sizeBits << 8) | ((ulong)cpu << 16) | ((ulong)count << 32);

    public Status Retype(
        uint untyped,
        ObjectType type,
        uint slot,
        uint count = 1,
        uint sizeBits = 0,
        uint cpu = 0,
        ulong pages = 1
    ) =>
        Invoke(
            0,
            untyped,
            (ulong)UntypedOperation.Retype,
            RetypeWord(type, count, sizeBits, cpu),
            Pack(0, slot),
            pages
        );

    /// <summary>A new object of the root untyped, and its slot.</summary>
    public uint Make(ObjectType type, uint cpu = 0, uint sizeBits = 0, ulong pages = 1)
    {
        uint slot = NewSlot();
        Assert.Equal(Status.Ok, Retype(Untyped, type, slot, 1, sizeBits, cpu, pages));
        return slot;
    }

    public Status Table1(CapTableOperation operation, uint slot, uint source = 0, uint rights = 7, ulong badge = 0) =>
        Invoke(0, Own, (ulong)operation, slot, Pack(source, rights), badge);

    public Status Copy(uint slot, uint source, uint rights = 7) => Table1(CapTableOperation.Copy, slot, source, rights);

    public Status Mint(uint slot, uint source, ulong badge, uint rights = 7) =>
        Table1(CapTableOperation.Mint, slot, source, rights, badge);

    public Status Move(uint slot, uint source) => Table1(CapTableOperation.Move, slot, source);

    public Status Delete(uint slot, uint by = 0) => Invoke(by, Own, (ulong)CapTableOperation.Delete, slot);

    public Status Revoke(uint slot, uint by = 0) => Invoke(by, Own, (ulong)CapTableOperation.Revoke, slot);

    public Status OnThread(
        uint thread,
        ThreadOperation operation,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        uint by = 0
    ) => Invoke(by, thread, (ulong)operation, w0, w1, w2);

    /// <summary>SetScheduling by the kernel's own control of the thread's CPU.</summary>
    public Status Schedule(uint thread, uint priority, uint context = 0, uint by = 0)
    {
        uint control = FirstSchedControl + ThreadAt(thread)->Cpu;
        return OnThread(thread, ThreadOperation.SetScheduling, Pack(priority, context), control, by: by);
    }

    public Status DeriveControl(uint slot, uint from, uint priority, uint share = SchedShare.Whole, uint by = 0) =>
        Invoke(by, from, (ulong)SchedControlOperation.Derive, Pack(0, slot), Pack(priority, share));

    public Status ConfigureBy(uint context, ulong budget, ulong period, uint control, uint by = 0) =>
        Invoke(by, context, (ulong)SchedContextOperation.Configure, budget, period, control);

    /// <summary>Microseconds of the kernel's own control of a CPU.</summary>
    public Status Configure(uint context, ulong budget, ulong period, uint cpu = 0, uint by = 0) =>
        ConfigureBy(context, budget, period, FirstSchedControl + cpu, by);

    /// <summary>A scheduling context that takes turns with others, 10 ms each.</summary>
    public uint MakeTime(uint cpu = 0)
    {
        uint context = Make(ObjectType.SchedContext, cpu);
        Assert.Equal(Status.Ok, Configure(context, 10_000, 0, cpu));
        return context;
    }

    /// <summary>Of the threads that are made from now on.</summary>
    public ThreadFaults FaultsOfThreads { get; init; }

    /// <summary>A thread in the operators' table and address space, with what it needs; not yet resumed.</summary>
    public Worker MakeThread(uint cpu, byte priority = 10, bool passive = false, bool buffer = false)
    {
        var worker = new Worker
        {
            Cpu = cpu,
            Slot = Make(ObjectType.Thread, cpu),
            Reply = Make(ObjectType.Reply, cpu),
        };
        Assert.Equal(Status.Ok, OnThread(worker.Slot, ThreadOperation.SetSpaces, Pack(Own, Space), worker.Slot));
        if (!passive)
        {
            worker.Context = MakeTime(cpu);
        }
        Assert.Equal(Status.Ok, Schedule(worker.Slot, priority, worker.Context));
        Assert.Equal(Status.Ok, OnThread(worker.Slot, ThreadOperation.SetReply, worker.Reply));
        if (FaultsOfThreads != ThreadFaults.None)
        {
            Assert.Equal(Status.Ok, OnThread(worker.Slot, ThreadOperation.SetFaults, (ulong)FaultsOfThreads));
        }
        if (buffer)
        {
            worker.Buffer = Make(ObjectType.Frame);
            Assert.Equal(Status.Ok, OnThread(worker.Slot, ThreadOperation.SetBuffer, worker.Buffer));
        }
        worker.Thread = ThreadAt(worker.Slot);
        return worker;
    }

    /// <summary>Resumes a thread; where it can run, and nothing better does, it is its CPU's current one afterwards.</summary>
    public void Resume(Worker worker)
    {
        Assert.Equal(Status.Ok, OnThread(worker.Slot, ThreadOperation.Resume));
        Serve(worker.Cpu);
    }

    public Worker Start(uint cpu, byte priority = 10, bool buffer = false)
    {
        Worker worker = MakeThread(cpu, priority, buffer: buffer);
        Resume(worker);
        return worker;
    }

    /// <summary>A passive server that waits at the endpoint: it gets there on a context that it gives back.</summary>
    public Worker StartPassive(uint cpu, uint endpoint, byte priority = 10, bool buffer = false)
    {
        Worker worker = MakeThread(cpu, priority, buffer: buffer);
        Assert.Equal(Status.Ok, Schedule(worker.Slot, OperatorPriority - 1, worker.Context));
        Resume(worker);
        Assert.True(Cpu(cpu)->Current == worker.Thread);
        Call(cpu, SystemCall.Recv, endpoint);
        Assert.Equal(Status.Ok, Schedule(worker.Slot, priority));
        Assert.Equal(Status.Ok, Delete(worker.Context));
        worker.Context = 0;
        return worker;
    }
}

/// <summary>A thread and the slots of what belongs to it; 0 for none.</summary>
internal sealed unsafe class Worker
{
    public uint Cpu { get; init; }
    public uint Slot { get; init; }
    public uint Reply { get; set; }
    public uint Context { get; set; }
    public uint Buffer { get; set; }
    public Thread* Thread { get; set; }

    public ThreadState State => Thread->State;

    public Status Status => (Status)Thread->Rax;
}
