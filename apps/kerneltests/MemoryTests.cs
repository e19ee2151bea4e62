using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// Large pages, attributes, and what the processor makes of them. Runs before anybody answers page faults: a thread that
/// faults stays where it is.
/// </summary>
internal static unsafe class MemoryTests
{
    private const FrameRights ReadWrite = FrameRights.Read | FrameRights.Write;
    private const ulong LargeBytes = 2 << 20;
    private const ulong LargePages = LargeBytes / UserLayout.PageSize;

    /// <summary>Where nothing else is mapped, a multiple of 1 GiB.</summary>
    private const ulong Window = UserLayout.AttachBase + 0x1_0000_0000;
    private const ulong SecondWindow = Window + 0x4000_0000;
    private const ulong ThirdWindow = SecondWindow + 0x4000_0000;

    private static Samples maps;
    private static Samples unmaps;
    private static FrameCapability large;
    private static ulong written;

    public static bool Run()
    {
        large = new FrameCapability(Workshop.Slots(1));
        Workshop.Must(Workshop.Untyped(21).RetypeFrame(LargePages, large.Slot));
        bool passed = LargePage() & Protect();
        passed &= Unmap() & Uncached() & HugePage() & HugeWindow();
        Measure();
        return passed;
    }

    private static bool Test(System.ReadOnlySpan<byte> name, bool passed, ulong value = 0)
    {
        Console.Test(name, passed, "value"u8, value);
        return passed;
    }

    /// <summary>Maps pages of a size, making the tables above them.</summary>
    private static Status Map(
        FrameCapability frame,
        ulong address,
        PageSize size,
        ulong offset = 0,
        Cacheability cacheability = Cacheability.WriteBack,
        FrameRights rights = ReadWrite
    )
    {
        var attributes = PageAttributes.Of(rights, cacheability, size);
        while (true)
        {
            Status status = frame.Map(Workshop.OwnSpace, attributes, address, offset, 1, out ulong level);
            if (status != Status.MissingPageTable)
            {
                return status;
            }
            Workshop.SupplyTable(Workshop.OwnSpace, address, (int)level);
        }
    }

    private static FrameCapability CopyOf(FrameCapability frame)
    {
        CapabilitySlot slot = Workshop.Slots(1);
        Workshop.Must(CapTableCapability.Own.Copy(slot, CapTableCapability.Own, frame.Slot, FrameRights.All));
        return new FrameCapability(slot);
    }

    private static PageAttributes AttributesAt(ulong address)
    {
        Workshop.Must(Workshop.OwnSpace.QueryPage(address, out _, out PageAttributes attributes));
        return attributes;
    }

    /// <summary>What is written through a page of 2 MiB is read through pages of 4 KiB, and the other way round.</summary>
    private static bool LargePage()
    {
        FrameCapability small = CopyOf(large);
        bool passed = Test("map-2m-misaligned"u8, Map(large, Window + 0x1000, PageSize.MiB2) == Status.Misaligned);
        Workshop.Must(Map(large, Window, PageSize.MiB2));
        Workshop.Map(Workshop.OwnSpace, small, SecondWindow, ReadWrite, LargePages);
        ulong wrong = 0;
        for (ulong page = 0; page < LargePages; page++)
        {
            ulong at = page * UserLayout.PageSize + 8 * page;
            *(ulong*)(Window + at) = page + 1;
            wrong += *(ulong*)(SecondWindow + at) == page + 1 ? 0ul : 1;
            *(ulong*)(SecondWindow + at) = ~page;
            wrong += *(ulong*)(Window + at) == ~page ? 0ul : 1;
        }
        passed &= Test("map-2m"u8, wrong == 0, wrong);
        PageAttributes attributes = AttributesAt(Window + 0x12_3456);
        passed &= Test("query-2m"u8, attributes.Size == PageSize.MiB2 && attributes.Rights == ReadWrite);
        Workshop.Must(small.Unmap());
        return passed;
    }

    public static void Write()
    {
        *(ulong*)(Window + 8) = 42;
        Volatile.Write(ref written, 1);
        Worker.WaitForEver();
    }

    /// <summary>
    /// A page that loses Write, after it was written to on this CPU, stops the next writer; which goes on when it has it
    /// back.
    /// </summary>
    private static bool Protect()
    {
        *(ulong*)(Window + 8) = 7;
        Workshop.Must(Map(large, Window, PageSize.MiB2, rights: FrameRights.Read));
        Worker writer = Worker.Make(Workshop.OwnSpace, 0, 42, Role.Write, CapabilitySlot.Null);
        writer.Start();
        while (writer.State is not (ThreadState.Faulted or ThreadState.Waiting))
        {
            Processor.Yield();
        }
        bool stopped = writer.State == ThreadState.Faulted && *(ulong*)(Window + 8) == 7;
        Workshop.Must(Map(large, Window, PageSize.MiB2));
        Workshop.Must(writer.Thread.Suspend());
        writer.Start();
        for (int i = 0; i < 1000 && Volatile.Read(ref written) == 0; i++)
        {
            Processor.Yield();
        }
        bool wrote = *(ulong*)(Window + 8) == 42;
        return Test("remap-read-only"u8, stopped) & Test("remap-writable"u8, wrote);
    }

    /// <summary>A part of the frame, mapped by pages of 4 KiB in the place of the large one, shows what it shows.</summary>
    private static bool Unmap()
    {
        const ulong offset = 0x10_0000;
        *(ulong*)(Window + offset) = 99;
        Workshop.Must(large.Unmap());
        bool gone = Workshop.OwnSpace.Query(Window + offset, out _, out _) == Status.NotMapped;
        Workshop.Must(Map(large, Window + offset, PageSize.KiB4, offset));
        bool shows = *(ulong*)(Window + offset) == 99;
        bool refused = Map(large, Window, PageSize.MiB2) == Status.AlreadyMapped;
        Workshop.Must(large.Unmap());
        return Test("unmap-2m"u8, gone) & Test("map-4k-after-2m"u8, shows) & Test("map-2m-over-table"u8, refused);
    }

    private static bool Uncached()
    {
        FrameCapability frame = Workshop.Frame(1);
        FrameCapability copy = CopyOf(frame);
        bool passed = true;
        Workshop.Must(Map(frame, SecondWindow, PageSize.KiB4));
        for (Cacheability kind = Cacheability.WriteBack; kind <= Cacheability.Uncached; kind++)
        {
            *(ulong*)SecondWindow = (ulong)kind + 1000;
            Workshop.Must(Map(copy, SecondWindow + UserLayout.PageSize, PageSize.KiB4, 0, kind));
            bool same = *(ulong*)(SecondWindow + UserLayout.PageSize) == (ulong)kind + 1000;
            bool told = AttributesAt(SecondWindow + UserLayout.PageSize).Cacheability == kind;
            passed &= same && told;
        }
        Workshop.Must(frame.Unmap());
        Workshop.Must(copy.Unmap());
        return Test("cacheability"u8, passed);
    }

    /// <summary>The configuration space of PCI Express, in a gibibyte that has no memory, through a page of 1 GiB and through one of 4 KiB.</summary>
    private static bool HugePage()
    {
        const ulong devices = 0x8000_0000;
        const ulong configuration = 0xb000_0000;
        FrameCapability huge = Device(devices, 0x4000_0000 / UserLayout.PageSize);
        FrameCapability small = Device(configuration, 1);
        Workshop.Must(Map(small, SecondWindow, PageSize.KiB4, 0, Cacheability.Uncached));
        Status status = Map(huge, ThirdWindow, PageSize.GiB1, 0, Cacheability.Uncached);
        ulong expected = *(ulong*)SecondWindow;
        bool passed = status == Status.PageSizeUnsupported;
        if (status == Status.Ok)
        {
            passed = expected + 1 > 1 && *(ulong*)(ThirdWindow + configuration - devices) == expected;
            passed &= AttributesAt(ThirdWindow + configuration - devices).Size == PageSize.GiB1;
            Workshop.Must(huge.Unmap());
            passed &= Workshop.OwnSpace.Query(ThirdWindow, out _, out _) == Status.NotMapped;
        }
        Workshop.Must(small.Unmap());
        Console.Test("map-1g"u8, passed, "status"u8, (ulong)status);
        return passed;
    }

    private static FrameCapability Device(ulong physicalAddress, ulong pages)
    {
        var control = new MemoryControlCapability(new CapabilitySlot((uint)InitialSlot.MemoryControl));
        CapabilitySlot slot = Workshop.Slots(1);
        Workshop.Must(control.MakeFrame(CapTableCapability.Own, slot, physicalAddress, pages));
        return new FrameCapability(slot);
    }

    /// <summary>Two pages at the ends of a window of nearly 128 GiB, which takes several steps to unmap.</summary>
    private static bool HugeWindow()
    {
        const ulong physical = 0x80_0000_0000;
        const ulong pages = (1 << 25) - 1;
        const ulong start = UserLayout.AttachBase + 0x100_0000_0000;
        const ulong last = (pages - 1) * UserLayout.PageSize;
        FrameCapability frame = Device(physical, pages);
        Workshop.Must(Map(frame, start, PageSize.KiB4, 0));
        Workshop.Must(Map(frame, start + last, PageSize.KiB4, last));
        Workshop.Must(Workshop.OwnSpace.Query(start + last, out ulong mapped, out _));
        bool passed = mapped == physical + last;
        Workshop.Must(frame.Unmap());
        passed &= Workshop.OwnSpace.Query(start, out _, out _) == Status.NotMapped;
        passed &= Workshop.OwnSpace.Query(start + last, out _, out _) == Status.NotMapped;
        return Test("unmap-huge-window"u8, passed);
    }

    private static void Measure()
    {
        FrameCapability frame = Workshop.Frame(1);
        Workshop.Map(Workshop.OwnSpace, frame, ThirdWindow, ReadWrite, 1);
        Workshop.Must(frame.Unmap());
        for (int i = 0; i < Samples.Capacity; i++)
        {
            ulong empty = SystemCalls.ReadTimeStampCounter();
            ulong start = SystemCalls.ReadTimeStampCounter();
            maps.Calibrate(empty, start);
            unmaps.Calibrate(empty, start);
            start = SystemCalls.ReadTimeStampCounter();
            Status status = frame.Map(Workshop.OwnSpace, ReadWrite, ThirdWindow, 0, 1, out _);
            maps.Add(SystemCalls.ReadTimeStampCounter() - start);
            Workshop.Must(status);
            start = SystemCalls.ReadTimeStampCounter();
            status = frame.Unmap();
            unmaps.Add(SystemCalls.ReadTimeStampCounter() - start);
            Workshop.Must(status);
        }
        Console.Bench("map-4k"u8, ref maps);
        Console.Bench("unmap-4k"u8, ref unmaps);
    }
}
