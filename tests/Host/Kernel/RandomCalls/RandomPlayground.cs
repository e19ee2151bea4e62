using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Apps.KernelFuzz;
using Skerry.Kernel;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// What random calls are made with: two tables that all threads share, with some of each kind of object. Everything is made
/// of one untyped, so one revoke takes all of it away. The operators hold what it is made of, where no call reaches.
/// </summary>
internal sealed unsafe class RandomPlayground
{
    private const uint ThreadsPerCpu = 4;
    private const uint OwnObjects = 7;
    private const byte HighestPriority = 62;

    private readonly World _world;
    private readonly List<Worker> _workers = [];
    private readonly uint[] _tables = new uint[Layout.Tables];
    private readonly uint[] _spaces = new uint[Layout.Spaces];
    private readonly uint _capabilities;

    public RandomPlayground(World world)
    {
        _world = world;
        _capabilities = CountCapabilities();
        for (int i = 0; i < _tables.Length; i++)
        {
            _tables[i] = world.Make(ObjectType.CapTable, sizeBits: Layout.TableBits);
        }
        uint faults = world.Make(ObjectType.CapTable, sizeBits: 4);
        for (uint cpu = 0; cpu < world.CpuCount; cpu++)
        {
            CopyInto(faults, FaultTable.SlotFor(cpu), world.Make(ObjectType.Endpoint, cpu));
        }
        for (int i = 0; i < _spaces.Length; i++)
        {
            _spaces[i] = world.Make(ObjectType.AddressSpace);
            Good(world.Invoke(0, _spaces[i], (ulong)AddressSpaceOperation.SetFaultTable, faults));
            for (uint level = 3; level >= 1; level--)
            {
                uint pages = world.Make(ObjectType.PageTable);
                ulong touched = Layout.Touched;
                Good(world.Invoke(0, pages, (ulong)PageTableOperation.Map, _spaces[i], touched, level));
            }
        }
        for (uint i = 0; i < world.CpuCount * ThreadsPerCpu; i++)
        {
            _workers.Add(
                world.MakeThread(i / ThreadsPerCpu, (byte)(10 + i % ThreadsPerCpu / 2 * 10), buffer: i % 2 == 0)
            );
        }
        foreach (Worker worker in _workers)
        {
            ulong spaces = World.Pack(_tables[worker.Slot % Layout.Tables], _spaces[worker.Slot % Layout.Spaces]);
            Good(world.OnThread(worker.Slot, ThreadOperation.SetSpaces, spaces, worker.Slot));
        }
        ulong state = 0;
        Restock(ref state);
    }

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    /// <summary>What was lost comes back, as far as memory reaches, and threads that stand run again.</summary>
    public void Restock(ref ulong state)
    {
        uint by = AwakeCpu();
        foreach (uint table in _tables)
        {
            Stock(table, by);
        }
        foreach (Worker worker in _workers)
        {
            Start(worker, by, ref state);
        }
    }

    /// <summary>Nobody runs on a CPU: one of its threads is to run again.</summary>
    public void Help(uint cpu, ref ulong state)
    {
        uint by = AwakeCpu();
        int first = (int)Draw.Below(ref state, (uint)_workers.Count);
        for (int i = 0; i < _workers.Count; i++)
        {
            Worker worker = _workers[(first + i) % _workers.Count];
            if (worker.Thread->Cpu == cpu)
            {
                Start(worker, by, ref state);
                return;
            }
        }
    }

    /// <summary>
    /// From the current thread of a CPU: the time it runs on, its own or lent, for now or for good; or its Reply object, with the
    /// caller in it, which it will have to answer by name.
    /// </summary>
    public void TakeAway(uint cpu, uint by, ref ulong state)
    {
        Thread* current = _world.Cpu(cpu)->Current;
        SchedContext* charged = _world.Cpu(cpu)->Charged;
        foreach (Worker worker in _workers)
        {
            bool isLender = (SchedContext*)_world.Slot(worker.Context)->Object == charged;
            if (worker.Thread == current && Draw.Once(ref state, 2))
            {
                uint other = _workers[(int)Draw.Below(ref state, (uint)_workers.Count)].Reply;
                _world.OnThread(worker.Slot, ThreadOperation.SetReply, other, by: by);
            }
            else if (isLender && Draw.Once(ref state, 2))
            {
                _world.OnThread(worker.Slot, ThreadOperation.SetScheduling, World.Pack(10, 0), by: by);
            }
            else if (isLender)
            {
                _world.Revoke(worker.Context, by);
                _world.Delete(worker.Context, by);
                ulong what = World.RetypeWord(ObjectType.SchedContext, cpu: worker.Thread->Cpu);
                ulong where = World.Pack(0, worker.Context);
                _world.Invoke(by, World.Untyped, (ulong)UntypedOperation.Retype, what, where, 1);
            }
        }
    }

    /// <summary>A CPU that takes part in scheduling, after all that did not have been woken.</summary>
    private uint AwakeCpu()
    {
        uint by = 0;
        while (by < _world.CpuCount - 1 && _world.Cpu(by)->Parked)
        {
            by++;
        }
        // Who parks another goes on itself.
        Assert.False(_world.Cpu(by)->Parked);
        for (uint i = 0; i < _world.CpuCount; i++)
        {
            if (_world.Cpu(i)->Parked)
            {
                Good(_world.Invoke(by, World.FirstCpuControl + i, (ulong)CpuControlOperation.Wake));
                _world.Serve(i);
            }
        }
        return by;
    }

    private void Stock(uint table, uint by)
    {
        for (uint type = (uint)ObjectType.Untyped; type <= (uint)ObjectType.Notification; type++)
        {
            for (uint i = 0; i < OwnObjects; i++)
            {
                uint sizeBits =
                    type == (uint)ObjectType.Untyped ? 9 + i
                    : type == (uint)ObjectType.CapTable ? 1 + i
                    : 0;
                ulong what = World.RetypeWord((ObjectType)type, 1, sizeBits, i % _world.CpuCount);
                ulong where = World.Pack(table, type * Layout.SlotsPerType + i);
                _world.Invoke(by, World.Untyped, (ulong)UntypedOperation.Retype, what, where, 1 + i % 3);
            }
        }
        CopyInto(table, Layout.FirstSlot(ObjectType.DoorbellControl), World.DoorbellControl, by);
        CopyInto(table, Layout.FirstSlot(ObjectType.MemoryControl), World.MemoryControl, by);
        CopyInto(table, Layout.FirstSlot(ObjectType.IoPorts), World.Ports, by);
        CopyInto(table, Layout.FirstSlot(ObjectType.IrqControl), World.IrqControl, by);
        for (uint i = 0; i < _world.CpuCount; i++)
        {
            CopyInto(table, Layout.FirstSlot(ObjectType.CpuControl) + i, World.FirstCpuControl + i, by);
            Derive(table, i, i, SchedShare.Whole, by);
            Derive(table, Layout.SlotsPerType / 2 + i, i, SchedShare.Whole / 4, by);
        }
        for (uint i = 0; i < Layout.SlotsPerType - OwnObjects; i++)
        {
            uint to = OwnObjects + i;
            CopyInto(table, Layout.FirstSlot(ObjectType.CapTable) + to, _tables[i % Layout.Tables], by);
            CopyInto(table, Layout.FirstSlot(ObjectType.AddressSpace) + to, _spaces[i % Layout.Spaces], by);
            CopyInto(table, Layout.FirstSlot(ObjectType.Thread) + to, _workers[(int)i % _workers.Count].Slot, by);
            CopyInto(table, Layout.FirstSlot(ObjectType.Reply) + to, _workers[(int)i % _workers.Count].Reply, by);
            CopyInto(
                table,
                Layout.FirstSlot(ObjectType.SchedContext) + to,
                _workers[(int)i % _workers.Count].Context,
                by
            );
        }
        Exchange(by);
    }

    /// <summary>So that both tables know some of the same objects.</summary>
    private void Exchange(uint by)
    {
        for (uint type = (uint)ObjectType.Frame; type <= (uint)ObjectType.Notification; type++)
        {
            for (uint i = 0; i < 2; i++)
            {
                uint slot = type * Layout.SlotsPerType + i;
                uint to = slot + OwnObjects + 2;
                Copy(_tables[0], to, _tables[1], slot, by);
                Copy(_tables[1], to, _tables[0], slot, by);
            }
        }
    }

    private void Start(Worker worker, uint by, ref ulong state)
    {
        uint cpu = worker.Thread->Cpu;
        ulong spaces = World.Pack(
            _tables[Draw.Below(ref state, Layout.Tables)],
            _spaces[Draw.Below(ref state, Layout.Spaces)]
        );
        if (worker.State == ThreadState.Inactive && (worker.Thread->Root == 0 || Draw.Once(ref state, 4)))
        {
            _world.OnThread(worker.Slot, ThreadOperation.SetSpaces, spaces, worker.Slot, by: by);
        }
        // One that waits for callers is passive, now and then.
        bool isPassive = worker.State == ThreadState.Receiving && Draw.Once(ref state, 2);
        if (Draw.Once(ref state, 2))
        {
            _world.ConfigureBy(worker.Context, 10_000, 0, World.FirstSchedControl + cpu, by);
            ulong scheduling = World.Pack(10 + Draw.Below(ref state, 3) * 10, isPassive ? 0 : worker.Context);
            _world.OnThread(
                worker.Slot,
                ThreadOperation.SetScheduling,
                scheduling,
                World.FirstSchedControl + cpu,
                by: by
            );
        }
        if (Draw.Once(ref state, 4))
        {
            _world.OnThread(worker.Slot, ThreadOperation.SetReply, worker.Reply, by: by);
        }
        bool stays = worker.State == ThreadState.Receiving && Draw.Once(ref state, 2);
        if (worker.State == ThreadState.Inactive || (!stays && Draw.Once(ref state, 2)))
        {
            _world.OnThread(worker.Slot, ThreadOperation.Suspend, by: by);
            worker.Thread->Rip = 0;
            _world.OnThread(worker.Slot, ThreadOperation.Resume, by: by);
        }
        _world.Serve(worker.Thread->Cpu);
    }

    public string End()
    {
        uint by = AwakeCpu();
        Good(_world.Revoke(World.Untyped, by));
        uint left = CountCapabilities() - _capabilities;
        if (left != 0)
        {
            return $"{left} capabilities";
        }
        uint whole = _world.NewSlot();
        ulong what = World.RetypeWord(ObjectType.Untyped, 1, World.UntypedBits);
        Status status = _world.Invoke(by, World.Untyped, (ulong)UntypedOperation.Retype, what, World.Pack(0, whole), 1);
        return status == Status.Ok ? "" : $"memory: {status}";
    }

    private uint CountCapabilities()
    {
        uint count = 0;
        for (Capability* slot = DerivationTree.After(_world.Root); slot != null; slot = DerivationTree.After(slot))
        {
            count++;
        }
        return count;
    }

    private void CopyInto(uint table, uint slot, uint source, uint by = 0) => Copy(table, slot, World.Own, source, by);

    private void Copy(uint table, uint slot, uint from, uint source, uint by) =>
        _world.Invoke(by, table, (ulong)CapTableOperation.Copy, World.Pack(slot, from), World.Pack(source, 7));

    private void Derive(uint table, uint index, uint cpu, uint share, uint by) =>
        _world.Invoke(
            by,
            World.FirstSchedControl + cpu,
            (ulong)SchedControlOperation.Derive,
            World.Pack(table, Layout.FirstSlot(ObjectType.SchedControl) + index),
            World.Pack(HighestPriority, share)
        );
}
