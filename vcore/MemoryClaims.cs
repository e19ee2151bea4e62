using System.Numerics;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Needs;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>
/// The memory that the configuration names, taken from core at the start as untyped memory: the kernel objects and the
/// RAM of all children are made of it. Then every page is touched and cleared once, so that no fault later finds it cold.
/// </summary>
internal unsafe struct MemoryClaims
{
    private const int MaximumClaims = 64;

    private readonly Environment _environment;
    private readonly uint _firstCpu;
    private readonly uint _firstSlot;
    private uint _nextSlot;
    private int _count;
    private ClaimList _claims;

    /// <param name="environment">The vcore's.</param>
    /// <param name="firstCpu">The first of its CPUs, by index in the cluster.</param>
    /// <param name="firstSlot">From here on the slots of its table are the server's.</param>
    public MemoryClaims(Environment environment, uint firstCpu, uint firstSlot)
    {
        _environment = environment;
        _firstCpu = firstCpu;
        _firstSlot = firstSlot;
        _nextSlot = firstSlot;
    }

    /// <summary>Bytes for the children: what was had of the memory that the configuration names.</summary>
    public ulong Bytes { get; private set; }

    /// <summary>TSC ticks that claiming took, and then touching and clearing.</summary>
    public ulong ClaimTicks { get; private set; }

    public ulong PrefaultTicks { get; private set; }

    /// <returns>False if not even the server's own share is to be had.</returns>
    public bool Take(Server* server, SystemConfiguration configuration, RecordRange memory, uint slotCount)
    {
        uint cpus = _environment.AffinitySpace.Width;
        ServerNeeds needs = VcoreNeeds.Server(cpus, configuration.BytesOf(memory));
        ulong start = SystemCalls.ReadTimeStampCounter();
        if (!ClaimOwn(needs.OwnBytes))
        {
            return false;
        }
        ClaimAll(configuration, memory);
        ClaimTicks = SystemCalls.ReadTimeStampCounter() - start;
        var resources = new ServerResources
        {
            Priority = Server.VcorePriority,
            OwnMemory = _claims[0].Slot,
            OwnBytes = needs.OwnBytes,
            AddressSpace = new AddressSpaceCapability(new CapabilitySlot((uint)Base.Startup.StartupSlot.KernelSpace)),
            FirstSlot = new CapabilitySlot(_nextSlot),
            SlotCount = slotCount - (_nextSlot - _firstSlot),
            FirstCpu = _firstCpu,
            CpuCount = cpus,
            BookkeepingPages = needs.BookkeepingPages,
        };
        server->ClusterId = _environment.ClusterId;
        server->TscHertz = _environment.TscHertz;
        if (!ServerStart.Prepare(server, in resources))
        {
            return false;
        }
        start = SystemCalls.ReadTimeStampCounter();
        bool ready = PrefaultAll(server);
        PrefaultTicks = SystemCalls.ReadTimeStampCounter() - start;
        for (uint i = 0; i < cpus; i++)
        {
            var control = new CapabilitySlot((uint)Base.Startup.StartupSlot.FirstCpuControl + i);
            server->Cpus[(int)i].Control = new CpuControlCapability(control);
            var time = new CapabilitySlot((uint)Base.Startup.StartupSlot.FirstSchedControl + i);
            server->Cpus[(int)i].Time = new SchedControlCapability(time);
        }
        return ready;
    }

    /// <summary>
    /// The server's own share comes first, and on top of what the configuration names: how much that is depends on the
    /// machine, and its children shall have the same on each.
    /// </summary>
    private bool ClaimOwn(ulong bytes) => Claim(BitOperations.Log2(bytes), Placement.OwnCluster);

    private void ClaimAll(SystemConfiguration configuration, RecordRange range)
    {
        for (uint i = 0; i < range.Count; i++)
        {
            MemoryRecord record = configuration.Memory(range.First + i);
            Placement placement = record.Selection switch
            {
                MemorySelection.Node => Placement.OnNode(record.Node),
                MemorySelection.Range => Placement.InRange(record.Start, record.Start + record.Size),
                _ => Placement.OwnCluster,
            };
            ClaimPieces(record.Size, placement);
        }
    }

    /// <summary>What lies in another cluster's memory is that instance's to claim, and refused here.</summary>
    private void ClaimPieces(ulong left, Placement placement)
    {
        int bits = VcoreNeeds.LargestBits;
        while (left >= UserLayout.PageSize && _count < MaximumClaims && bits >= UntypedPageBits)
        {
            if (1ul << bits <= left && Claim(bits, placement))
            {
                left -= 1ul << bits;
                Bytes += 1ul << bits;
                continue;
            }
            // Too large for what is left, or no such piece in one: two halves may be there.
            bits--;
        }
    }

    private const int UntypedPageBits = 12;

    private bool Claim(int bits, Placement placement)
    {
        AllocationResult result = _environment.Pd.ClaimUntyped((uint)bits, placement, _nextSlot, out ulong physical);
        if (result != AllocationResult.Ok)
        {
            return false;
        }
        _claims[_count++] = new Piece
        {
            Slot = new CapabilitySlot(_nextSlot++),
            PhysicalBase = physical,
            Bits = bits,
        };
        return true;
    }

    private readonly bool PrefaultAll(Server* server)
    {
        for (int i = 1; i < _count; i++)
        {
            Piece piece = _claims[i];
            if (!Prefault(server, piece) || !ServerStart.AddMemory(server, piece.Slot, piece.PhysicalBase, piece.Bits))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Shows the whole piece for a moment, writes each page, and lets the kernel clear it for its first use.</summary>
    private static bool Prefault(Server* server, in Piece piece)
    {
        var memory = new UntypedCapability(piece.Slot);
        CapabilitySlot slot = server->Slots.TryTake();
        ulong pages = (1ul << piece.Bits) / UserLayout.PageSize;
        if (slot.IsNull || memory.RetypeFrame(pages, slot) != Status.Ok)
        {
            return false;
        }
        byte* window = server->Space.MapScratch(new FrameCapability(slot), pages, FrameRights.Read | FrameRights.Write);
        for (ulong page = 0; window != null && page < pages; page++)
        {
            System.Threading.Volatile.Write(ref *(ulong*)(window + page * UserLayout.PageSize), page);
        }
        CapTableCapability own = CapTableCapability.Own;
        // The kernel clears untyped memory when something is made of it anew.
        bool cleared =
            own.Revoke(piece.Slot) == Status.Ok
            && memory.RetypeObject(ObjectType.Reply, 0, slot) == Status.Ok
            && own.Revoke(piece.Slot) == Status.Ok;
        server->Slots.Give(slot);
        server->Space.EndScratch();
        return window != null && cleared;
    }

    private struct Piece
    {
        public CapabilitySlot Slot;
        public ulong PhysicalBase;
        public int Bits;
    }

    [System.Runtime.CompilerServices.InlineArray(MaximumClaims)]
    private struct ClaimList
    {
        private Piece _piece;
    }
}
