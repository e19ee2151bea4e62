namespace Skerry.Base.Channels;

/// <summary>
/// The last word of a slot: the one that makes the seven before it valid.
/// </summary>
/// <remarks>
/// <code>
///   63              48 47              32 31                              0
///  +------------------+------------------+---------------------------------+
///  | acknowledgement  |       tag        |            sequence             |
///  +------------------+------------------+---------------------------------+
/// </code>
/// sequence: counts the ring's messages from 1 and wraps. A slot holds a new message when its sequence is the expected
/// one; what a slot held before is smaller by the number of slots, so nobody has to clear it. tag: the sender's.
/// acknowledgement: the low bits of the number of messages that the sender has read from the opposite ring.
/// </remarks>
public readonly struct SlotHeader(ulong value)
{
    private const int TagShift = 32;
    private const int AcknowledgementShift = 48;

    public ulong Value { get; } = value;

    public uint Sequence => (uint)Value;

    public ushort Tag => (ushort)(Value >> TagShift);

    public ushort Acknowledgement => (ushort)(Value >> AcknowledgementShift);

    public static SlotHeader Of(uint sequence, ushort tag, ushort acknowledgement) =>
        new(sequence | ((ulong)tag << TagShift) | ((ulong)acknowledgement << AcknowledgementShift));
}
