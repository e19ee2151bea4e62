using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Abi.Boot;

/// <summary>
/// What a kernel instance tells its core, on the page at UserLayout.InformationPage. Capabilities lie where
/// <see cref="InitialSlot"/> says.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct CoreInformation
{
    public const ulong ExpectedMagic = 0x6f66_6e49_6572_6f43; // "CoreInfo"
    public const int MaximumUntypeds = 120;

    public ulong Magic;
    public uint ClusterId;
    public uint ClusterCount;
    public BootFlags Flags;
    public uint CpuCount;

    /// <summary>log2 of the slots of core's capability table.</summary>
    public uint CapTableSizeBits;
    public uint UntypedCount;
    public ulong TscHertz;
    public PhysicalRange KernelImage;
    public ulong KernelTextBytes;
    public ulong KernelDataBytes;

    /// <summary>Free bytes that core has no capability to: the smallest pieces, where there are more than have room here.</summary>
    public ulong WithheldBytes;

    /// <summary>Bytes of the frames Machine, Archive and Inbound.</summary>
    public ulong MachineBytes;
    public ulong ArchiveBytes;
    public ulong InboundBytes;

    /// <summary>Pages of core's image, stack and tables, which count as frames of this cluster.</summary>
    public ulong CorePages;

    /// <summary>The untyped memory from slot FirstUntyped on: base and bytes (a power of two each).</summary>
    public UntypedList Untypeds;

    /// <summary>The I/O APICs and how ISA interrupts reach them; none, but for the boot cluster's core.</summary>
    public InterruptSources Interrupts;

    [InlineArray(MaximumUntypeds)]
    public struct UntypedList
    {
        private PhysicalRange _range;
    }
}
