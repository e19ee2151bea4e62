using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Abi.Boot;

/// <summary>
/// What bootstrap tells one kernel instance: its own cluster, finished. It lies in memory of the cluster that is not
/// among <see cref="Free"/>, and rdi holds its address in the direct map when a CPU enters the kernel (rsi: that CPU's
/// index in <see cref="Cpus"/>).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct BootInformation
{
    public const ulong ExpectedMagic = 0x746f_6f42_7265_6b53; // "SkerBoot"

    public ulong Magic;

    /// <summary>This cluster among all, from 0; the boot CPU's cluster is 0.</summary>
    public uint ClusterId;
    public uint ClusterCount;
    public BootFlags Flags;

    /// <summary>A fault the kernel is to commit after its start, for the tests (command line test=...).</summary>
    public DeliberateFault DeliberateFault;

    /// <summary>Ticks of the time-stamp counter and of the undivided local APIC timer in a second, as bootstrap measured.</summary>
    public ulong TscHertz;
    public ulong ApicTimerHertz;

    /// <summary>Physical address of the local APIC's registers, mapped at KernelLayout.LocalApic.</summary>
    public ulong LocalApicPhysical;

    /// <summary>
    /// What each CPU has of the features that an image looks for. A CPU may have more, which the kernel does not use:
    /// threads move between CPUs.
    /// </summary>
    public FeatureWords Features;

    /// <summary>The root page table that the CPUs enter with: the image, the direct map, the stacks, the local APIC.</summary>
    public ulong RootTable;

    /// <summary>This instance's copy of the kernel.</summary>
    public PhysicalRange KernelImage;
    public ulong KernelTextBytes;
    public ulong KernelDataBytes;

    /// <summary>The direct map covers exactly these ranges: the cluster's own memory.</summary>
    public RangeList Owned;

    /// <summary>The parts of <see cref="Owned"/> that nothing occupies: what becomes untyped memory.</summary>
    public RangeList Free;

    /// <summary>The core image as loaded into the cluster's memory.</summary>
    public ulong CoreEntry;
    public uint CoreSegmentCount;
    public uint Reserved;
    public SegmentList CoreSegments;

    /// <summary>Handed to core as frames; all page-aligned.</summary>
    public PhysicalRange Machine;
    public PhysicalRange Archive;
    public PhysicalRange Inbound;

    /// <summary>The I/O APICs and how ISA interrupts reach them; none, but for the boot cluster.</summary>
    public InterruptSources Interrupts;

    public uint CpuCount;
    public uint Reserved2;

    /// <summary>Last of all: there is memory for as many as there are CPUs, and no more.</summary>
    public CpuList Cpus;

    [InlineArray(MaximumCpus)]
    public struct CpuList
    {
        private BootCpu _cpu;
    }

    [InlineArray(MaximumSegments)]
    public struct SegmentList
    {
        private ImageSegment _segment;
    }

    /// <summary>
    /// Of one cluster: a thread's home is a byte (Thread.Cpu), core's area of stacks has room for the threads of so many,
    /// and its table for their controls (InitialSlot).
    /// </summary>
    public const int MaximumCpus = byte.MaxValue + 1;
    public const int MaximumSegments = 8;
}

/// <summary>Page-aligned run of physical memory; both in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PhysicalRange
{
    public ulong Base;
    public ulong Length;
}

/// <summary>A few ranges, ascending, not touching.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RangeList
{
    public const int Capacity = 32;

    public uint Count;
    public uint Reserved;
    public Items Ranges;

    [InlineArray(Capacity)]
    public struct Items
    {
        private PhysicalRange _range;
    }
}

/// <summary>A loaded part of the core image.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ImageSegment
{
    public ulong VirtualAddress;
    public ulong PhysicalAddress;
    public ulong Pages;
    public FrameRights Rights;
    private byte _pad0;
    private ushort _pad1;
    private uint _pad2;
}

/// <summary>One CPU of the cluster.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct BootCpu
{
    public uint ApicId;

    /// <summary>Its number among the machine's CPUs, as the machine description has it.</summary>
    public uint MachineCpu;

    /// <summary>End of its kernel stack: KernelLayout.StackTop(index), mapped with an unmapped page below.</summary>
    public ulong StackTop;
}

[System.Flags]
public enum BootFlags : uint
{
    None = 0,

    /// <summary>The boot CPU's cluster: its core is the root and gets the I/O ports.</summary>
    Root = 1 << 0,

    /// <summary>A kernel panic in any cluster ends QEMU (command line panic=exit).</summary>
    ExitOnPanic = 1 << 1,

    /// <summary>Mitigations of processor vulnerabilities (command line mitigations=on).</summary>
    Mitigations = 1 << 2,
}

/// <summary>Faults that a test asks a kernel to commit.</summary>
public enum DeliberateFault : uint
{
    None = 0,
    PageFault = 1,
    GeneralProtection = 2,
    DoubleFault = 3,
    StackOverflow = 4,
    FailedCheck = 5,

    /// <summary>A page fault while GS is as user mode has it.</summary>
    UserGsBase = 6,
}
