using System.Numerics;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Needs;

namespace Skerry.Base.Servers.Objects;

/// <summary>
/// Where a server sees its records of a protection domain: a range of addresses for each, with a page table of the domain's
/// own, whose pages the domain pays for.
/// </summary>
internal static unsafe class RecordWindows
{
    /// <summary>Behind all that the server maps else.</summary>
    private const ulong Base = OwnSpace.BookkeepingBase + 0x180_0000_0000;

    private const ulong WindowBytes = RecordPool.MaximumPages * UserLayout.PageSize;

    /// <summary>More domains than there can be children.</summary>
    private const int MaximumWindows = ServerNeeds.RecordWindows;

    public static void Initialise(Server* server)
    {
        server->RecordWindowBase = Base;
        server->RecordPages = new RecordSupply
        {
            Server = server,
            Take = &Take,
            Give = &Give,
        };
    }

    /// <summary>From now on the domain pays for what is known of it. The table is the first of its objects.</summary>
    /// <returns>False if it can't pay for the table, or the server has none above it.</returns>
    public static bool Open(Server* server, ProtectionDomain* pd)
    {
        int number = server->RecordWindowNumbers.Lowest();
        CapabilitySlot slot =
            number == MaximumWindows ? default : pd->Objects.TryMake(ObjectRequest.Of(ObjectType.PageTable));
        if (slot.IsNull)
        {
            return false;
        }
        ulong window = server->RecordWindowBase + (ulong)number * WindowBytes;
        var table = new PageTableCapability(slot);
        Status status = table.Map(server->OwnAddressSpace, window, 1);
        if (status == Status.MissingPageTable && server->Space.AddTablesAbove(window))
        {
            status = table.Map(server->OwnAddressSpace, window, 1);
        }
        if (status == Status.Ok)
        {
            server->RecordWindowNumbers.Set(number, true);
            pd->RecordWindow = number;
            pd->Account.Records.Open(&server->RecordPages, &pd->Account, window);
        }
        return status == Status.Ok;
    }

    /// <summary>The domain has no record left that it paid for; its table goes with its first objects.</summary>
    public static void Close(Server* server, ProtectionDomain* pd)
    {
        if (pd->Account.Records.IsOpen)
        {
            pd->Account.Records.Close();
            server->RecordWindowNumbers.Set(pd->RecordWindow, false);
        }
    }

    private static bool Take(void* owner, ulong address, RecordBacking* backing)
    {
        var server = (Server*)owner;
        CapabilitySlot slot = server->Slots.TryTake();
        UntypedBlock* block = slot.IsNull ? null : server->Untyped.TryAllocate(UntypedAllocator<ServerKernel>.PageBits);
        bool shown =
            block != null
            && new UntypedCapability(block->Slot).RetypeFrame(1, slot) == Status.Ok
            && server->Space.MapAt(new FrameCapability(slot), address, 1, FrameRights.Read | FrameRights.Write);
        *backing = new RecordBacking { Block = block, Frame = slot };
        if (!shown)
        {
            Give(server, *backing);
        }
        return shown;
    }

    /// <summary>Revoking the block takes the page away wherever it is shown.</summary>
    private static void Give(void* owner, RecordBacking backing)
    {
        var server = (Server*)owner;
        if (backing.Block != null)
        {
            server->Untyped.Free(backing.Block);
        }
        if (!backing.Frame.IsNull)
        {
            server->Slots.Give(backing.Frame);
        }
    }

    /// <summary>A bit for each window, set where it is taken.</summary>
    [InlineArray(Words)]
    internal struct Numbers
    {
        private const int Words = MaximumWindows / BitRuns.WordBits;

        private ulong _word;

        /// <summary>The lowest that is free; <see cref="MaximumWindows"/> if none is.</summary>
        public readonly int Lowest()
        {
            int word = 0;
            while (word < Words && this[word] == ulong.MaxValue)
            {
                word++;
            }
            return word == Words
                ? MaximumWindows
                : word * BitRuns.WordBits + BitOperations.TrailingZeroCount(~this[word]);
        }

        public void Set(int number, bool isTaken)
        {
            ulong bit = 1ul << (number % BitRuns.WordBits);
            this[number / BitRuns.WordBits] = isTaken
                ? this[number / BitRuns.WordBits] | bit
                : this[number / BitRuns.WordBits] & ~bit;
        }
    }
}
