using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>Makes kernel objects for the tests from the cluster's untyped memory. Nothing is given back.</summary>
internal static unsafe class Workshop
{
    private static uint nextSlot = (uint)InitialSlot.FirstFree;
    private static UntypedCapability memory;

    /// <summary>What is made of comes out of the largest untyped first; smaller ones follow when it is full.</summary>
    private static ulong memoryBytes = ulong.MaxValue;

    public static readonly AddressSpaceCapability OwnSpace = new(new CapabilitySlot((uint)InitialSlot.AddressSpace));

    public static CoreInformation* Facts => (CoreInformation*)UserLayout.InformationPage;

    /// <summary>All the time of a CPU, by its index in the cluster.</summary>
    public static SchedControlCapability Control(uint cpu) =>
        new(new CapabilitySlot((uint)InitialSlot.FirstSchedControl + cpu));

    /// <summary>The boot command line: it says whether the machine counts instructions.</summary>
    public static System.ReadOnlySpan<byte> CommandLine
    {
        get
        {
            var header = (MachineHeader*)MachineWindow;
            bool isThere = header->Magic == MachineHeader.ExpectedMagic;
            return isThere ? new((byte*)header + header->CommandLineOffset, (int)header->CommandLineBytes) : default;
        }
    }

    public static MachineCluster* ClusterAt(uint index)
    {
        var header = (MachineHeader*)MachineWindow;
        return (MachineCluster*)((byte*)header + header->ClustersOffset) + index;
    }

    private const ulong MachineWindow = UserLayout.AttachBase + 0x100_0000;

    public static void Open()
    {
        TakeNext();
        EndlessTurn();
        // Threads fault here on purpose, with nobody to hear of it: without a table the kernel would end the cluster.
        Must(OwnSpace.SetFaultTable(CapTable(4)));
        var machine = new FrameCapability(new CapabilitySlot((uint)InitialSlot.Machine));
        Must(machine.Query(out _, out ulong pages, out _));
        Map(OwnSpace, machine, MachineWindow, FrameRights.Read, pages);
    }

    /// <summary>
    /// The thread that runs the tests gives way by Yield alone. Where a turn of 10 ms ends depends on the host, and a call
    /// that it ends in goes another way through the kernel: a test that counts ways would find one too few now and then.
    /// </summary>
    private static void EndlessTurn()
    {
        var context = new SchedContextCapability(new CapabilitySlot((uint)InitialSlot.SchedContext));
        Must(context.Configure(LongestTurn, 0, Control(0)));
    }

    /// <summary>Microseconds: an hour, the longest budget there is.</summary>
    private const ulong LongestTurn = 3_600_000_000;

    /// <summary>The largest untyped below the size of the last one, so that each is taken once (of equals, one).</summary>
    private static bool TakeNext()
    {
        ulong best = 0;
        for (uint i = 0; i < Facts->UntypedCount; i++)
        {
            ulong bytes = Facts->Untypeds[(int)i].Length;
            if (bytes < memoryBytes && bytes > best)
            {
                best = bytes;
                memory = new UntypedCapability(new CapabilitySlot((uint)InitialSlot.FirstUntyped + i));
            }
        }
        memoryBytes = best;
        return best != 0;
    }

    private static void Retype(ObjectType type, int sizeBits, uint cpu, CapabilitySlot slot, ulong pages)
    {
        Status status;
        do
        {
            status = memory.Retype(type, sizeBits, cpu, 1, CapTableCapability.Own, slot, pages);
        } while (status == Status.OutOfMemory && TakeNext());
        Must(status);
    }

    /// <summary>An untyped that no other test touches, of 2^bits bytes.</summary>
    public static UntypedCapability Untyped(int bits)
    {
        CapabilitySlot slot = Slots(1);
        Retype(ObjectType.Untyped, bits, 0, slot, 0);
        return new UntypedCapability(slot);
    }

    public static CapabilitySlot Slots(uint count)
    {
        var slot = new CapabilitySlot(nextSlot);
        nextSlot += count;
        return slot;
    }

    public static CapabilitySlot Make(ObjectType type, uint cpu = 0)
    {
        CapabilitySlot slot = Slots(1);
        Retype(type, 0, cpu, slot, 0);
        return slot;
    }

    public static FrameCapability Frame(ulong pages)
    {
        CapabilitySlot slot = Slots(1);
        Retype(ObjectType.Frame, 0, 0, slot, pages);
        return new FrameCapability(slot);
    }

    public static CapTableCapability CapTable(int sizeBits)
    {
        CapabilitySlot slot = Slots(1);
        Retype(ObjectType.CapTable, sizeBits, 0, slot, 0);
        return new CapTableCapability(slot);
    }

    /// <summary>Maps a whole frame, making the page tables it needs.</summary>
    public static void Map(
        AddressSpaceCapability space,
        FrameCapability frame,
        ulong address,
        FrameRights rights,
        ulong pages
    )
    {
        ulong done = 0;
        while (done < pages)
        {
            ulong offset = done * UserLayout.PageSize;
            ulong left = pages - done;
            uint count = left > CallLimits.Pages ? CallLimits.Pages : (uint)left;
            Status status = frame.Map(space, rights, address + offset, offset, count, out ulong detail);
            if (status == Status.MissingPageTable)
            {
                SupplyTable(space, address + offset, (int)detail);
                continue;
            }
            Must(status);
            done += detail;
        }
    }

    public static void SupplyTable(AddressSpaceCapability space, ulong address, int level) =>
        Must(new PageTableCapability(Make(ObjectType.PageTable)).Map(space, address, level));

    /// <summary>Another address space that shows this program's image, page by page copied, so that code runs in both.</summary>
    public static AddressSpaceCapability CloneSpace()
    {
        var space = new AddressSpaceCapability(Make(ObjectType.AddressSpace));
        const ulong window = UserLayout.AttachBase;
        for (ulong address = UserLayout.ImageBase; ; address += UserLayout.PageSize)
        {
            if (OwnSpace.Query(address, out _, out FrameRights rights) != Status.Ok)
            {
                return space;
            }
            FrameCapability frame = Frame(1);
            Map(OwnSpace, frame, window, FrameRights.Read | FrameRights.Write, 1);
            for (ulong i = 0; i < UserLayout.PageSize; i += 8)
            {
                *(ulong*)(window + i) = *(ulong*)(address + i);
            }
            Must(frame.Unmap());
            Map(space, frame, address, rights, 1);
        }
    }

    public static void Must(Status status)
    {
        if (status != Status.Ok)
        {
            Console.Test("setup"u8, false, "status"u8, (ulong)status);
            Console.End(ExitCode.TestFailure);
        }
    }
}
