using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Abi.Boot;

/// <summary>What the MADT says about interrupts of devices (ACPI 6.5, 5.2.12.3 and 5.2.12.5).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct InterruptSources
{
    public const int MaximumIoApics = 8;
    public const int MaximumOverrides = 16;

    public uint IoApicCount;
    public uint OverrideCount;
    public IoApicList IoApics;
    public OverrideList Overrides;

    /// <summary>
    /// Where an ISA interrupt (0 to 15) arrives. Without an override: the global system interrupt of the same number,
    /// edge-triggered and active high.
    /// </summary>
    public readonly InterruptOverride OfIsa(uint source)
    {
        for (int i = 0; i < OverrideCount; i++)
        {
            if (Overrides[i].Source == source)
            {
                return Overrides[i];
            }
        }
        return new InterruptOverride { Source = source, Interrupt = source };
    }

    [InlineArray(MaximumIoApics)]
    public struct IoApicList
    {
        private IoApicDescription _ioApic;
    }

    [InlineArray(MaximumOverrides)]
    public struct OverrideList
    {
        private InterruptOverride _override;
    }
}

/// <summary>One I/O APIC: its registers, and the first of the global system interrupts that are its inputs.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct IoApicDescription
{
    public ulong PhysicalAddress;
    public uint FirstInterrupt;

    /// <summary>How many inputs it has, by its version register.</summary>
    public uint InputCount;
}

/// <summary>An ISA interrupt that does not arrive at the input of its own number, or not as ISA's do.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct InterruptOverride
{
    public uint Source;

    /// <summary>The global system interrupt.</summary>
    public uint Interrupt;
    public InterruptFlags Flags;
}
