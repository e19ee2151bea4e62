using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Startup;

/// <summary>
/// Makes core: its address space, its thread, and capabilities to everything the cluster has (InitialSlot). The only
/// place where the kernel itself creates objects.
/// </summary>
internal static unsafe class InitialComponent
{
    private const uint TableSizeBits = 15;
    private const ulong StackPages = 16;
    private const byte Priority = 40;

    /// <summary>Round robin.</summary>
    private const ulong BudgetMicroseconds = 10_000;

    private const uint FirstSerialPort = 0x3f8;
    private const uint SerialPortCount = 8;
    private const uint AllPortCount = 0x1_0000;

    private static Capability* table;

    /// <summary>Root of the derivation tree, so that every capability has a parent.</summary>
    private static Capability* root;

    public static Capability* Root => root;

    public static void Start(Cpu* cpu, BootInformation* information)
    {
        table = (Capability*)
            BootMemory.Take((1ul << (int)TableSizeBits) * (ulong)sizeof(Capability), UserLayout.PageSize);
        root = (Capability*)BootMemory.Take((ulong)sizeof(Capability), 64);
        Put(InitialSlot.CapTable, ObjectType.CapTable, table, 0, TableSizeBits);

        var space = (AddressSpace*)BootMemory.Take(1ul << AddressSpace.SizeBits, 1ul << AddressSpace.SizeBits);
        PageTables.CopyKernelHalf((ulong*)space);
        AddressSpaces.Register(space);
        FirstProgram.Space = space;
        Put(InitialSlot.AddressSpace, ObjectType.AddressSpace, space, 0, 0);
        LoadImage(space, information);
        CoreInformation* facts = Describe(space, information);
        ulong stackTop = MapStack(space, out byte* buffer);
        PutControls(information);

        Thread* thread = MakeThread(cpu, space, information->CoreEntry, stackTop, buffer);
        facts->CorePages = BootMemory.Taken / UserLayout.PageSize;
        // Last, as everything before takes from what is left.
        InitialUntyped.Make(BootMemory.Rest(), table, root, facts);
        Readiness.MakeReady(cpu, thread);
    }

    private static void Put(InitialSlot slot, ObjectType type, void* target, ulong data, uint extent) =>
        PutAt(table + (uint)slot, type, (ulong)target, data, extent);

    public static void PutAt(Capability* slot, ObjectType type, ulong target, ulong data, uint extent)
    {
        slot->Write(type, 7, target, data, extent);
        DerivationTree.InsertChild(root, slot);
    }

    private static void LoadImage(AddressSpace* space, BootInformation* information)
    {
        for (int i = 0; i < information->CoreSegmentCount; i++)
        {
            ref ImageSegment segment = ref information->CoreSegments[i];
            InitialMapping.Map(space, segment.VirtualAddress, segment.PhysicalAddress, segment.Pages, segment.Rights);
        }
    }

    private static CoreInformation* Describe(AddressSpace* space, BootInformation* information)
    {
        var facts = (CoreInformation*)BootMemory.Take(UserLayout.PageSize, UserLayout.PageSize);
        facts->Magic = CoreInformation.ExpectedMagic;
        facts->ClusterId = information->ClusterId;
        facts->ClusterCount = information->ClusterCount;
        facts->Flags = information->Flags;
        facts->CpuCount = information->CpuCount;
        facts->CapTableSizeBits = TableSizeBits;
        facts->TscHertz = information->TscHertz;
        facts->KernelImage = information->KernelImage;
        facts->KernelTextBytes = information->KernelTextBytes;
        facts->KernelDataBytes = information->KernelDataBytes;
        facts->MachineBytes = information->Machine.Length;
        facts->ArchiveBytes = information->Archive.Length;
        facts->InboundBytes = information->Inbound.Length;
        facts->Interrupts = information->Interrupts;
        ulong physical = (ulong)facts - KernelLayout.DirectMap;
        PutFrame(InitialSlot.CoreInformation, physical, UserLayout.PageSize);
        PutFrame(InitialSlot.Machine, information->Machine.Base, information->Machine.Length);
        PutFrame(InitialSlot.Archive, information->Archive.Base, information->Archive.Length);
        PutFrame(InitialSlot.Inbound, information->Inbound.Base, information->Inbound.Length);
        InitialMapping.Map(space, UserLayout.InformationPage, physical, 1, FrameRights.Read);
        return facts;
    }

    private static void PutFrame(InitialSlot slot, ulong physical, ulong bytes)
    {
        ulong pages = (bytes + UserLayout.PageSize - 1) / UserLayout.PageSize;
        if (pages != 0)
        {
            Put(slot, ObjectType.Frame, (void*)physical, 0, (uint)pages);
        }
    }

    /// <summary>The first stack slot: message buffer in its first page, stack at its end.</summary>
    private static ulong MapStack(AddressSpace* space, out byte* buffer)
    {
        buffer = (byte*)BootMemory.Take(UserLayout.PageSize, UserLayout.PageSize);
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        InitialMapping.Map(space, UserLayout.StackAreaBase, (ulong)buffer - KernelLayout.DirectMap, 1, rights);
        ulong top = UserLayout.StackAreaBase + UserLayout.StackSlotSize;
        ulong stack =
            (ulong)BootMemory.Take(StackPages * UserLayout.PageSize, UserLayout.PageSize) - KernelLayout.DirectMap;
        InitialMapping.Map(space, top - StackPages * UserLayout.PageSize, stack, StackPages, rights);
        return top;
    }

    private static void PutControls(BootInformation* information)
    {
        Put(InitialSlot.DoorbellControl, ObjectType.DoorbellControl, null, 0, 0);
        Put(InitialSlot.MemoryControl, ObjectType.MemoryControl, null, 0, 0);
        Put(InitialSlot.IrqControl, ObjectType.IrqControl, null, 0, 0);
        if ((information->Flags & BootFlags.Root) != 0)
        {
            Put(InitialSlot.SerialPorts, ObjectType.IoPorts, null, FirstSerialPort, SerialPortCount);
            Put(InitialSlot.ExitPort, ObjectType.IoPorts, null, ExitDevice.Port, ExitDevice.PortCount);
            Put(InitialSlot.AllPorts, ObjectType.IoPorts, null, 0, AllPortCount);
        }
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            var target = (ulong)ClusterCpus.At(i);
            PutAt(table + (uint)InitialSlot.FirstCpuControl + i, ObjectType.CpuControl, target, 0, 0);
            Capability* control = table + (uint)InitialSlot.FirstSchedControl + i;
            PutAt(control, ObjectType.SchedControl, target, SchedulingControls.Everything, 0);
        }
    }

    private static Thread* MakeThread(Cpu* cpu, AddressSpace* space, ulong entry, ulong stackTop, byte* buffer)
    {
        var thread = (Thread*)BootMemory.Take(1ul << Thread.SizeBits, 1ul << Thread.SizeBits);
        var context = (SchedContext*)BootMemory.Take(1ul << SchedContext.SizeBits, 1ul << SchedContext.SizeBits);
        Threads.Initialise(thread, cpu->Index);
        Put(InitialSlot.Thread, ObjectType.Thread, thread, 0, 0);
        Put(InitialSlot.SchedContext, ObjectType.SchedContext, context, 0, 0);
        context->Budget = context->Remaining = Timekeeping.ToTicks(BudgetMicroseconds);
        Capability* control = table + (uint)InitialSlot.FirstSchedControl + cpu->Index;
        SchedulingControls.Bind(
            control,
            &context->ControlBinding,
            BindingKind.ContextControl,
            Priority,
            SchedShare.Whole
        );
        SchedulingControls.Bind(control, &thread->ControlBinding, BindingKind.ThreadControl, Priority, 0);
        context->Owner = thread;
        Lending.Give(context, thread);
        thread->OwnSchedContext = context;
        thread->Priority = Priority;
        BindingOwner.Bind(
            cpu,
            table + (uint)InitialSlot.CapTable,
            &thread->CapTableBinding,
            BindingKind.ThreadCapTable
        );
        BindingOwner.Bind(
            cpu,
            table + (uint)InitialSlot.AddressSpace,
            &thread->AddressSpaceBinding,
            BindingKind.ThreadAddressSpace
        );
        thread->Capabilities = table;
        thread->CapabilityCount = 1u << (int)TableSizeBits;
        thread->AddressSpace = space;
        thread->Root = PageTables.RootOf(space);
        thread->Buffer = (MessageBuffer*)buffer;
        thread->Rip = entry;
        thread->Rsp = stackTop;
        thread->Rdi = UserLayout.InformationPage;
        return thread;
    }
}
