using Skerry.Abi;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// One input of an I/O APIC: where its interrupt goes (82093AA datasheet, 3.2.4). Fixed delivery to one CPU by its APIC
/// id; the local APIC's words for a message-signalled interrupt say the same in another order (Intel SDM vol. 3A, 11.11).
/// </summary>
/// <remarks>
/// <code>
///   63         56 55                     17  16  15   14   13   12    11  10    8 7      0
///  +-------------+-------------------------+----+---+-----+----+----+----+-------+--------+
///  | destination |            0            |mask|lvl|rIRR |low |busy|logi| mode  | vector |
///  +-------------+-------------------------+----+---+-----+----+----+----+-------+--------+
/// </code>
/// rIRR and busy are the hardware's: set from delivery to the end of a level-triggered interrupt, and while one is on its
/// way.
/// </remarks>
internal readonly struct RedirectionEntry(ulong value)
{
    private const ulong LevelTriggered = 1 << 15;
    private const ulong ActiveLow = 1 << 13;
    private const ulong Mask = 1 << 16;
    private const int DestinationShift = 56;

    private const ulong MessageAddressBase = 0xfee0_0000;
    private const int MessageDestinationShift = 12;

    /// <summary>Of the CPUs that a device can name; 255 is all of them. More takes interrupt remapping.</summary>
    public const uint LargestApicId = 254;

    public ulong Value { get; } = value;

    public byte Vector => (byte)Value;

    public bool IsMasked => (Value & Mask) != 0;

    public uint Low => (uint)Value;

    public uint High => (uint)(Value >> 32);

    /// <summary>An input that nobody has: masked, edge-triggered, vector 0.</summary>
    public static RedirectionEntry Closed => new(Mask);

    public static RedirectionEntry For(int vector, uint apicId, InterruptFlags flags, bool masked) =>
        new(
            (uint)vector
                | ((ulong)apicId << DestinationShift)
                | ((flags & InterruptFlags.Level) != 0 ? LevelTriggered : 0)
                | ((flags & InterruptFlags.ActiveLow) != 0 ? ActiveLow : 0)
                | (masked ? Mask : 0)
        );

    /// <summary>Where a device writes its message: physical destination, no redirection hint.</summary>
    public static ulong MessageAddress(uint apicId) => MessageAddressBase | ((ulong)apicId << MessageDestinationShift);

    /// <summary>What it writes there: fixed delivery, edge-triggered.</summary>
    public static ulong MessageData(int vector) => (uint)vector;
}
