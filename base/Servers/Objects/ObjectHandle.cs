namespace Skerry.Base.Servers.Objects;

/// <summary>The badge of a server's capabilities.</summary>
/// <remarks>
/// <code>
///   63      56 55                    20 19            0
///  +----------+------------------------+---------------+
///  |   kind   |       generation       |     index     |
///  +----------+------------------------+---------------+
/// </code>
/// index: the entry in the server's table; generation: which of all objects so far it is, so that a request that was
/// under way when its object went is not taken for one to the object that follows.
/// </remarks>
public readonly struct ObjectHandle(ulong value)
{
    public const int IndexBits = 20;
    public const int KindShift = 56;
    private const ulong IndexMask = (1ul << IndexBits) - 1;
    private const ulong GenerationMask = (1ul << (KindShift - IndexBits)) - 1;

    public ulong Value { get; } = value;

    public uint Index => (uint)(Value & IndexMask);

    public ObjectKind Kind => (ObjectKind)(Value >> KindShift);

    public bool IsNull => Value == 0;

    public static ObjectHandle Of(ObjectKind kind, ulong generation, uint index) =>
        new(((ulong)kind << KindShift) | ((generation & GenerationMask) << IndexBits) | index);
}
