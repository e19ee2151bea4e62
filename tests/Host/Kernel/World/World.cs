using System;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.Intrinsics.X86;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Skerry.Tests.Host.Kernel.Fakes;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A cluster as it is after its start: CPUs, a root of the derivation tree, untyped memory, and on each CPU an operator,
/// a thread through which the test makes its invocations. An operator is inactive unless it operates.
/// </summary>
internal sealed unsafe partial class World
{
    public const uint Own = 1;
    public const uint Space = 2;
    public const uint DoorbellControl = 5;
    public const uint MemoryControl = 6;
    public const uint Ports = 7;
    public const uint Untyped = 8;
    public const uint IrqControl = 9;
    public const uint FirstCpuControl = 16;
    public const uint FirstOperator = 24;
    public const uint FirstSchedControl = 28;
    public const uint FirstOperatorContext = 20;
    public const uint FirstFree = 32;
    public const int TableBits = 10;
    public const int UntypedBits = 22;
    public const byte OperatorPriority = 63;
    public const ulong TicksPerMicrosecond = 1000;
    public const ulong ApicHertz = 1_000_000_000;

    /// <summary>Where CPUs' blocks and operators lie from the start of the memory on, in bytes.</summary>
    public const int CpusOffset = 0x10_0000;
    public const int CpusBytes = 0x4000;
    public const int CpuSpacing = 4096;
    public const int OperatorsOffset = 0x2_4000;
    public const int OperatorsBytes = 0x8000;

    private const ulong TableOffset = 0x1_0000;
    private const ulong NumbersOffset = 0x1_8000;
    private const ulong ObjectsOffset = 0x2_0000;
    private const ulong IrqsOffset = 0x4_0000;

    /// <summary>Of a processor with 46 bits of physical address.</summary>
    public const ulong PhysicalEnd = 1ul << 46;

    private const ulong UntypedBase = HostMemory.Base + (4 << 20);

    private readonly Thread*[] _operators;
    private uint _nextSlot = FirstFree;

    public World(uint cpus = 2)
    {
        ResetStatics();
        HostMemory.Reset();
        // Nobody has promised that memory which nobody has used is zero.
        new Span<byte>((byte*)(KernelLayout.DirectMap + UntypedBase), 1 << UntypedBits).Fill(0xa5);
        ClusterCpus.Count = cpus;
        PageTables.KernelRoot = HostMemory.Base;
        Root = (Capability*)(HostMemory.Start + 0x4000);
        Table = (Capability*)(HostMemory.Start + TableOffset);
        for (uint i = 0; i < cpus; i++)
        {
            var cpu = (Cpu*)(HostMemory.Start + CpusOffset + i * CpuSpacing);
            cpu->Self = cpu;
            cpu->NoReply.Initialise(i);
            cpu->Direct = cpu;
            cpu->Index = i;
            cpu->ApicId = 16 + i;
            cpu->CurrentRoot = PageTables.KernelRoot;
            cpu->TimerSetFor = DeadlineTimer.Never;
            cpu->Irqs = (IrqHandler*)(HostMemory.Start + IrqsOffset + i * IrqHandlers.BytesPerCpu);
            IrqHandlers.Initialise(cpu);
            ClusterCpus.Set(i, cpu);
        }
        AddressSpaces.Initialise(
            (uint*)(HostMemory.Start + NumbersOffset),
            AddressSpaces.EntriesFor(HostMemory.Length)
        );
        var space = (AddressSpace*)(HostMemory.Start + ObjectsOffset);
        ClusterLock.Hold(() => AddressSpaces.Register(space));
        Put(Own, ObjectType.CapTable, (ulong)Table, 0, TableBits);
        Put(Space, ObjectType.AddressSpace, (ulong)space, 0, 0);
        Put(DoorbellControl, ObjectType.DoorbellControl, 0, 0, 0);
        Put(MemoryControl, ObjectType.MemoryControl, 0, 0, 0);
        Put(Ports, ObjectType.IoPorts, 0, 0x3f8, 8);
        Put(IrqControl, ObjectType.IrqControl, 0, 0, 0);
        Put(Untyped, ObjectType.Untyped, UntypedBase, 0, UntypedBits);
        _operators = new Thread*[cpus];
        for (uint i = 0; i < cpus; i++)
        {
            Put(FirstCpuControl + i, ObjectType.CpuControl, (ulong)ClusterCpus.At(i), 0, 0);
            ulong control = SchedulingControls.Everything;
            Put(FirstSchedControl + i, ObjectType.SchedControl, (ulong)ClusterCpus.At(i), control, 0);
            uint cpu = i;
            ClusterLock.Hold(() => _operators[cpu] = MakeOperator(cpu, space));
        }
        X86Base.Waiting = Stand;
    }

    /// <summary>Root of the derivation tree.</summary>
    public Capability* Root { get; }

    /// <summary>The operators' table.</summary>
    public Capability* Table { get; }

    public uint CpuCount => ClusterCpus.Count;

    public Cpu* Cpu(uint index) => ClusterCpus.At(index);

    public Capability* Slot(uint index) => Table + index;

    public Thread* ThreadAt(uint slot) => (Thread*)Slot(slot)->Object;

    public Thread* Operator(uint cpu) => _operators[cpu];

    /// <summary>A slot of the operators' table that was never used.</summary>
    public uint NewSlot(uint count = 1)
    {
        uint slot = _nextSlot;
        _nextSlot += count;
        return slot;
    }

    public void Put(uint slot, ObjectType type, ulong target, ulong data, uint extent)
    {
        Slot(slot)->Write(type, 7, target, data, extent);
        ClusterLock.Hold(() => DerivationTree.InsertChild(Root, Slot(slot)));
    }

    private Thread* MakeOperator(uint index, AddressSpace* space)
    {
        byte* place = HostMemory.Start + OperatorsOffset + index * 4096;
        var thread = (Thread*)place;
        var context = (SchedContext*)(place + 2048);
        Threads.Initialise(thread, index);
        Put(FirstOperator + index, ObjectType.Thread, (ulong)thread, 0, 0);
        Put(FirstOperatorContext + index, ObjectType.SchedContext, (ulong)context, 0, 0);
        context->Budget = context->Remaining = ulong.MaxValue / 2;
        context->Owner = thread;
        thread->OwnSchedContext = context;
        Lending.Give(context, thread);
        thread->Priority = OperatorPriority;
        Capability* control = Slot(FirstSchedControl + index);
        SchedulingControls.Bind(control, &thread->ControlBinding, BindingKind.ThreadControl, OperatorPriority, 0);
        SchedulingControls.Bind(control, &context->ControlBinding, BindingKind.ContextControl, 63, SchedShare.Whole);
        BindingOwner.Bind(Cpu(index), Slot(Own), &thread->CapTableBinding, BindingKind.ThreadCapTable);
        BindingOwner.Bind(Cpu(index), Slot(Space), &thread->AddressSpaceBinding, BindingKind.ThreadAddressSpace);
        thread->Capabilities = Table;
        thread->CapabilityCount = 1u << TableBits;
        thread->AddressSpace = space;
        thread->Root = PageTables.RootOf(space);
        return thread;
    }

    private static void ResetStatics()
    {
        Clear(typeof(DyingTables), "first");
        Clear(typeof(DyingTables), "last");
        Clear(typeof(DyingTables), "emptying");
        Clear(typeof(DyingTables), "come");
        Clear(typeof(DyingTables), "gone");
        Clear(typeof(Revocation), "first");
        Clear(typeof(Revocation), "lastWait");
        Clear(typeof(Revocation), "lastNumber");
        Clear(typeof(Revocation), "concerned");
        Clear(typeof(Revocation), "resuming");
        Clear(typeof(Revocation), "kept");
        Clear(typeof(Revocation), "owedTo");
        Clear(typeof(Revocation), "owedNumber");
        Clear(typeof(Requests), "<Behind>k__BackingField");
        Clear(typeof(EndpointGroups), "last");
        Clear(typeof(ClusterLock), "word");
        Clear(typeof(ClusterLock), "lastClaim");
        Hardware.Clock = 1_000_000;
        Hardware.RootLoads = 0;
        Hardware.PageInvalidations = 0;
        PageTables.HasGiB1 = true;
        Hardware.LoadedRoot = 0;
        PageTables.EntryTables = 0;
        LocalApic.Sent.Clear();
        X86Base.Reset();
        ReadPoint.Reset();
        DebugRegisters.Clear(null);
        LocalApic.AsksUntilPending = -1;
        LocalApic.IsInterruptedWaiting = false;
        LocalApic.ForgetAsks();
        X86Base.WhileWaiting = null;
        IrqVectors.LowestWordInUse = 7;
        IoApicRegisters.Reset();
        IoApics.Initialise(ref IoApicRegisters.Sources);
        Timekeeping.TscHertz = TicksPerMicrosecond * 1_000_000;
        DeadlineTimer.Initialise(Timekeeping.TscHertz, ApicHertz, hasTscDeadline: false);
        RangeList owned = default;
        owned.Count = 1;
        owned.Ranges[0].Base = HostMemory.Base;
        owned.Ranges[0].Length = HostMemory.Length;
        OwnedMemory.Initialise(ref owned, PhysicalEnd);
    }

    private static void Clear(Type type, string field)
    {
        FieldInfo found = type.GetField(field, BindingFlags.NonPublic | BindingFlags.Static)!;
        found.SetValue(null, found.FieldType.IsPointer ? null : Activator.CreateInstance(found.FieldType));
    }
}
