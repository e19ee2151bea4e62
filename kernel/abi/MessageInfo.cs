namespace Skerry.Abi;

/// <summary>
/// What travels beside a message's words.
/// </summary>
/// <remarks>
/// <code>
///   63                    16 15  14 12 11      8 7          0
///  +------------------------+--+------+---------+------------+
///  |         label          |K |  0   |  caps   |   length   |
///  +------------------------+--+------+---------+------------+
/// </code>
/// length: message words, 0 to <see cref="MessageLimits.MaximumWords"/>; caps: capabilities transferred, 0 to
/// <see cref="MessageLimits.MaximumCapabilities"/>; K: the kernel itself sends (a fault, a notification), so that no sender
/// can pass for it; label: chosen by the sender (an operation, a method, a status).
/// A message whose low 16 bits are at most 4 fits into registers and takes the fastpath.
/// </remarks>
public readonly struct MessageInfo(ulong value)
{
    public const int CapabilitiesShift = 8;
    public const int LabelShift = 16;
    public const ulong LengthMask = 0xff;
    public const ulong CapabilitiesMask = 0xf;

    /// <summary>The bits that must be at most <see cref="MessageLimits.RegisterWords"/> for the fastpath.</summary>
    public const ulong FastpathMask = 0xffff;

    public ulong Value { get; } = value;

    public ulong Label => Value >> LabelShift;

    public int Length => (int)(Value & LengthMask);

    public int Capabilities => (int)((Value >> CapabilitiesShift) & CapabilitiesMask);

    private const ulong KernelBit = 1 << 15;

    /// <summary>A fault or a notification, not somebody's message.</summary>
    public bool IsFromKernel => (Value & KernelBit) != 0;

    public static MessageInfo FromKernel(FaultLabel label, int length) =>
        new(Of((ulong)label, length).Value | KernelBit);

    public static MessageInfo Of(ulong label, int length, int capabilities = 0) =>
        new((label << LabelShift) | ((ulong)(uint)capabilities << CapabilitiesShift) | (uint)length);
}
