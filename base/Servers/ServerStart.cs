using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers;

/// <summary>From a server's first resources to its bookkeeping and allocators. <see cref="OwnThreads"/> go on from there.</summary>
public static unsafe class ServerStart
{
    // Before the slot pool stands, the first slots are counted off by hand.
    private const uint SlotsBeforePool = 64;

    /// <summary>Makes the allocators.</summary>
    /// <returns>False if the own memory does not suffice.</returns>
    public static bool Prepare(Server* server, in ServerResources resources)
    {
        server->OwnMemory = resources.OwnMemory;
        server->OwnAddressSpace = resources.AddressSpace;
        var own = new UntypedCapability(resources.OwnMemory);
        CapabilitySlot frame = resources.FirstSlot;
        if (own.RetypeFrame(resources.BookkeepingPages, frame) != Status.Ok)
        {
            return false;
        }
        byte* memory = MapBookkeeping(own, frame, resources);
        if (memory == null)
        {
            return false;
        }
        server->Memory = new ServerMemory(memory, resources.BookkeepingPages * UserLayout.PageSize);
        server->OwnPages += resources.OwnBytes / UserLayout.PageSize;
        ServerMemory* bookkeeping = &server->Memory;
        bool made = server->Slots.Initialise(
            bookkeeping,
            resources.FirstSlot.Next(SlotsBeforePool),
            resources.SlotCount - SlotsBeforePool
        );
        server->Space.Initialise(resources.AddressSpace, resources.OwnMemory, &server->Slots);
        made &= server->Objects.Initialise(bookkeeping);
        MakeSlabs(server, bookkeeping);
        var kernel = new ServerKernel(&server->Callers);
        server->Untyped.Initialise(kernel, &server->Slots, &server->Blocks);
        server->Callers.Initialise(server);
        server->OwnRecords.OpenOwn(bookkeeping);
        server->OwnObjects.Records = &server->OwnRecords;
        RecordWindows.Initialise(server);
        server->Ram.Initialise(kernel, &server->OwnRecords, &server->Slots, &server->Untyped);
        server->Mapping.Initialise(kernel, &server->OwnRecords, &server->Slots, &server->Ram);
        server->CpuCount = resources.CpuCount;
        server->Priority = resources.Priority;
        for (uint i = 0; i < resources.CpuCount; i++)
        {
            server->Cpus[(int)i].ClusterIndex = resources.FirstCpu + i;
        }
        ShareServiceLock(server);
        return made;
    }

    /// <summary>From now on the entrypoints of all CPUs may share the service lock.</summary>
    internal static void ShareServiceLock(Server* server)
    {
        ServerCpu* first = (ServerCpu*)&server->Cpus;
        server->ServiceLock.Initialise(&first->Shares, (ulong)sizeof(ServerCpu), server->CpuCount);
    }

    /// <summary>Untyped memory for children, and the quota that it is.</summary>
    public static bool AddMemory(Server* server, CapabilitySlot untyped, ulong physicalBase, int sizeBits)
    {
        bool added = server->Untyped.AddRoot(untyped, physicalBase, sizeBits);
        if (added)
        {
            server->Account.Endow(new Resources(1ul << sizeBits, 0));
        }
        return added;
    }

    internal static void MakeSlabs(Server* server, ServerMemory* memory)
    {
        server->Blocks = new Slab<UntypedBlock>(memory);
        server->Domains = new Slab<ProtectionDomain>(memory);
        server->ChildRecords = new Slab<Child>(memory);
        server->SiblingRecords = new Slab<SiblingSession>(memory);
        server->CallerRecords = new Slab<HeldCaller>(memory);
    }

    /// <summary>At the start of the server's own space; <see cref="OwnSpace"/> goes on behind it.</summary>
    private static byte* MapBookkeeping(UntypedCapability own, CapabilitySlot frame, in ServerResources resources)
    {
        ulong address = OwnSpace.BookkeepingBase;
        CapabilitySlot table = frame.Next();
        ulong mapped = 0;
        while (mapped < resources.BookkeepingPages)
        {
            ulong rest = resources.BookkeepingPages - mapped;
            ulong offset = mapped * UserLayout.PageSize;
            Status status = new FrameCapability(frame).Map(
                resources.AddressSpace,
                FrameRights.Read | FrameRights.Write,
                address + offset,
                offset,
                rest < CallLimits.Pages ? (uint)rest : CallLimits.Pages,
                out ulong detail
            );
            if (status == Status.Ok)
            {
                mapped += detail;
                continue;
            }
            bool supplied =
                status == Status.MissingPageTable
                && own.RetypeObject(ObjectType.PageTable, 0, table) == Status.Ok
                && new PageTableCapability(table).Map(resources.AddressSpace, address + offset, (int)detail)
                    == Status.Ok;
            if (!supplied)
            {
                return null;
            }
            table = table.Next();
        }
        return (byte*)address;
    }
}
