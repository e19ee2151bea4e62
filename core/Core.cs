using System;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Memory;
using Skerry.Base.Needs;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Services;

namespace Skerry.Core;

/// <summary>One cluster's instance of core: what it is made of, and how it comes up.</summary>
internal static unsafe class Core
{
    // Slots below this one are the kernel's to fill; behind it come the messages', those of pieces of memory, and the
    // allocator's.
    private const uint FirstMessageSlot = (uint)InitialSlot.FirstFree;
    private const uint PieceSlots = 256;
    private const ulong CapabilitiesToGive = 1 << 20;

    private static Server server = default;

    // Safety: statics of unmanaged types do not move.
    public static Server* Server => (Server*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref server);

    public static CoreInformation* Information => (CoreInformation*)UserLayout.InformationPage;

    public static MachineHeader* Machine { get; private set; }

    public static bool IsRoot => (Information->Flags & BootFlags.Root) != 0;

    /// <summary>From the kernel's hand-over to allocators, the archive and the machine's description.</summary>
    /// <returns>What there is not, for a person; empty if all is there.</returns>
    public static ReadOnlySpan<byte> Prepare() =>
        !PrepareMemory() ? "too little memory"u8
        : !OpenConfiguration() ? "system.bin is not in the boot archive, or is empty"u8
        : default;

    private static bool PrepareMemory()
    {
        CoreInformation* information = Information;
        ServerNeeds needs = ServerNeeds.OfCore(
            information->CpuCount,
            information->ClusterCount,
            information->ArchiveBytes + information->MachineBytes
        );
        uint firstPieceSlot = FirstMessageSlot + needs.MessageSlots;
        uint firstServerSlot = firstPieceSlot + PieceSlots;
        CapabilitySlots.Initialise(FirstMessageSlot, firstPieceSlot);
        ulong ownBytes = needs.OwnBytes;
        if (!OwnMemory.TryTake(information, ownBytes, new CapabilitySlot(firstPieceSlot), out CapabilitySlot own))
        {
            return false;
        }
        var resources = new ServerResources
        {
            Priority = Skerry.Base.Servers.Server.CorePriority,
            OwnMemory = own,
            OwnBytes = ownBytes,
            AddressSpace = new AddressSpaceCapability(new CapabilitySlot((uint)InitialSlot.AddressSpace)),
            FirstSlot = new CapabilitySlot(firstServerSlot),
            SlotCount = (1u << (int)information->CapTableSizeBits) - firstServerSlot,
            CpuCount = information->CpuCount,
            BookkeepingPages = needs.BookkeepingPages,
        };
        SessionEntrypoint.Instance = Server;
        ref readonly OwnMemory.Pieces pieces = ref OwnMemory.Rest;
        bool prepared = ServerStart.Prepare(Server, resources);
        for (int i = 0; i < pieces.Count && prepared; i++)
        {
            prepared = ServerStart.AddMemory(Server, pieces[i].Slot, pieces[i].PhysicalBase, pieces[i].SizeBits);
        }
        if (!prepared)
        {
            return false;
        }
        Server->Account.Endow(new Resources(0, CapabilitiesToGive));
        Server->Name = ServerName.Core;
        Server->ClusterId = information->ClusterId;
        Server->TscHertz = information->TscHertz;
        Server->OwnPages += information->CorePages;
        for (uint i = 0; i < information->CpuCount; i++)
        {
            Server->Cpus[(int)i].Control = new CpuControlCapability(
                new CapabilitySlot((uint)InitialSlot.FirstCpuControl + i)
            );
            Server->Cpus[(int)i].Time = new SchedControlCapability(
                new CapabilitySlot((uint)InitialSlot.FirstSchedControl + i)
            );
        }
        Server->Attention = new NotificationCapability(OwnThreads.Make(Server, ObjectType.Notification, 0));
        return MapInputs(information);
    }

    private static bool MapInputs(CoreInformation* information)
    {
        byte* machine = MapInput(InitialSlot.Machine, information->MachineBytes);
        byte* archive = MapInput(InitialSlot.Archive, information->ArchiveBytes);
        if (machine == null || archive == null)
        {
            return false;
        }
        Machine = (MachineHeader*)machine;
        Server->MemoryNode = Clusters[(int)information->ClusterId].MemoryNode;
        RomModules.Initialise(archive, information->ArchiveBytes);
        return true;
    }

    private static bool OpenConfiguration()
    {
        bool found = RomModules.TryFind("system.bin"u8, out ReadOnlySpan<byte> configuration);
        if (!found || configuration.IsEmpty)
        {
            return false;
        }
        Server->SetConfiguration(
            (byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(in configuration[0]),
            configuration.Length
        );
        return true;
    }

    private static byte* MapInput(InitialSlot slot, ulong bytes)
    {
        ulong pages = (bytes + UserLayout.PageSize - 1) / UserLayout.PageSize;
        return Server->Space.Map(new FrameCapability(new CapabilitySlot((uint)slot)), pages, FrameRights.Read);
    }

    /// <summary>The machine's, in ascending order of number; those of parked clusters too.</summary>
    public static ReadOnlySpan<MachineCpu> Cpus => new((byte*)Machine + Machine->CpusOffset, (int)Machine->CpuCount);

    public static ReadOnlySpan<MachineCluster> Clusters =>
        new((byte*)Machine + Machine->ClustersOffset, (int)Machine->ClusterCount);

    public static ReadOnlySpan<MachineMemoryRange> MemoryRanges =>
        new((byte*)Machine + Machine->MemoryRangesOffset, (int)Machine->MemoryRangeCount);

    public static ReadOnlySpan<byte> CommandLine =>
        Machine->CommandLineOffset == 0
            ? default
            : new ReadOnlySpan<byte>((byte*)Machine + Machine->CommandLineOffset, (int)Machine->CommandLineBytes);

    /// <summary>Whether the machine runs under -icount, so that the time-stamp counter counts instructions.</summary>
    public static bool CountsInstructions => BenchLine.CountsInstructions(CommandLine);
}
