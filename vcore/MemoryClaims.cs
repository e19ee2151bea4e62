using System.Numerics;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>
/// The memory that the configuration names, taken from core at the start as untyped memory: the kernel objects and the
/// RAM of all children are made of it. Then every page is touched and cleared once, so that no fault later finds it cold.
/// </summary>
internal unsafe struct MemoryClaims
{
    /// <summary>What the server itself needs: bookkeeping, and for each CPU two threads with their stacks.</summary>
    private const ulong BookkeepingPages = 128;
    private const ulong BytesPerCpu = 84 * 1024;
    private const int SmallestOwnBits = 20;
    private const int MaximumClaims = 64;

    /// <summary>A claim is a power of two, and aligned to it.</summary>
    private const int LargestBits = 26;

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

    public ulong Bytes { get; private set; }

    /// <summary>TSC ticks that claiming took, and then touching and clearing.</summary>
    public ulong ClaimTicks { get; private set; }

    public ulong PrefaultTicks { get; private set; }

    /// <summary>False if not even the server's own share is to be had.</summary>
    public bool Take(Server* server, SystemConfiguration configuration, RecordRange memory, uint slotCount)
    {
        uint cpus = _environment.AffinitySpace.Width;
        int ownBits = OwnBits(cpus);
        ulong start = SystemCalls.ReadTimeStampCounter();
        if (!ClaimAll(configuration, memory, ownBits))
        {
            return false;
        }
        ClaimTicks = SystemCalls.ReadTimeStampCounter() - start;
        var resources = new ServerResources
        {
            OwnMemory = _claims[0].Slot,
            OwnBytes = 1ul << ownBits,
            AddressSpace = new AddressSpaceCapability(new CapabilitySlot((uint)Base.Startup.StartupSlot.KernelSpace)),
            FirstSlot = new CapabilitySlot(_nextSlot),
            SlotCount = slotCount - (_nextSlot - _firstSlot),
            FirstCpu = _firstCpu,
            CpuCount = cpus,
            BookkeepingPages = BookkeepingPages,
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

    private static int OwnBits(uint cpus)
    {
        ulong needed = BookkeepingPages * UserLayout.PageSize + cpus * BytesPerCpu;
        int bits = BitOperations.Log2(needed - 1) + 1;
        return bits < SmallestOwnBits ? SmallestOwnBits : bits;
    }

    /// <summary>The first claim is the server's own; it comes out of what the configuration gives too.</summary>
    private bool ClaimAll(SystemConfiguration configuration, RecordRange range, int ownBits)
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
            ulong left = record.Size;
            if (_count == 0 && left >= 1ul << ownBits && Claim(ownBits, placement))
            {
                left -= 1ul << ownBits;
            }
            ClaimPieces(left, placement);
        }
        return _count > 0 && _claims[0].Bits == ownBits;
    }

    /// <summary>What lies in another cluster's memory is that instance's to claim, and refused here.</summary>
    private void ClaimPieces(ulong left, Placement placement)
    {
        int bits = LargestBits;
        while (left >= UserLayout.PageSize && _count < MaximumClaims && bits >= UntypedPageBits)
        {
            if (1ul << bits <= left && Claim(bits, placement))
            {
                left -= 1ul << bits;
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
        Bytes += 1ul << bits;
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
