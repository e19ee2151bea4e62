namespace Skerry.Abi.Boot;

/// <summary>
/// The two modes of a local APIC that bootstrap and kernels know (Intel SDM vol. 3A, 11.4 and 11.12), and what they have
/// in another form. Registers go by their byte offsets in xAPIC mode.
/// </summary>
/// <remarks>
/// <code>
///           IA32_APIC_BASE  registers                    destination    interrupt command
///   xAPIC   bit 11          memory, 16 bytes apart       8 bits         two halves; bit 12: delivery is pending
///   x2APIC  bits 11, 10     MSRs 0x800 + offset / 16     32 bits        one of 64 bits; there is no such bit
/// </code>
/// </remarks>
public static class LocalApicMode
{
    /// <summary>IA32_APIC_BASE.</summary>
    public const uint BaseRegister = 0x1b;
    public const ulong X2 = 1 << 10;
    public const ulong Enabled = 1 << 11;

    public const int EndOfInterrupt = 0xb0;

    /// <summary>In x2APIC mode all of it; in xAPIC mode its low half, which sends.</summary>
    public const int Command = 0x300;

    /// <summary>Of xAPIC mode alone.</summary>
    public const int CommandHigh = 0x310;

    private const uint FirstModelSpecific = 0x800;
    private const int NarrowShift = 24;
    private const int WideShift = 32;

    /// <param name="baseRegister">What <see cref="BaseRegister"/> holds.</param>
    public static bool IsX2(ulong baseRegister) => (baseRegister & (Enabled | X2)) == (Enabled | X2);

    /// <param name="baseRegister">What <see cref="BaseRegister"/> holds.</param>
    public static bool IsXApic(ulong baseRegister) => (baseRegister & (Enabled | X2)) == Enabled;

    /// <summary>The number of the model-specific register that a register is in x2APIC mode.</summary>
    public static uint RegisterOf(int offset) => FirstModelSpecific + ((uint)offset >> 4);

    /// <summary>The interrupt command of x2APIC mode.</summary>
    /// <param name="apicId">Where it goes.</param>
    /// <param name="low">Vector, delivery mode and level, as in xAPIC mode.</param>
    public static ulong WideCommand(uint apicId, uint low) => (ulong)apicId << WideShift | low;

    /// <summary>The high half of xAPIC mode's interrupt command.</summary>
    public static uint NarrowDestination(uint apicId) => apicId << NarrowShift;
}
