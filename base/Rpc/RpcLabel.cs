namespace Skerry.Base.Rpc;

/// <summary>
/// The label of an RPC message.
/// </summary>
/// <remarks>
/// <code>
///   47                     16 15      12 11            0
///  +-------------------------+----------+---------------+
///  |     interface, hash     |   caps   | method/status |
///  +-------------------------+----------+---------------+
/// </code>
/// interface: a hash of the interface's name, so that a call through a capability of another kind is answered with
/// UnknownMethod and never mistaken; 0 in a reply. caps: bit i is set if capability argument i is there (the kernel
/// carries no gaps). method: its number in a request, the <see cref="RpcStatus"/> in a reply.
/// </remarks>
public readonly struct RpcLabel(ulong value)
{
    public const int InterfaceShift = 16;
    public const int CapabilitiesShift = 12;
    public const ulong CapabilitiesMask = 0x7;
    public const ulong MethodMask = 0xfff;
    public const int MaximumMethod = (int)MethodMask;

    public ulong Value { get; } = value;

    public uint Interface => (uint)(Value >> InterfaceShift);

    public uint Method => (uint)(Value & MethodMask);

    public uint Capabilities => (uint)((Value >> CapabilitiesShift) & CapabilitiesMask);

    public static RpcLabel Request(uint interfaceHash, uint method) =>
        new(((ulong)interfaceHash << InterfaceShift) | method);

    public static RpcLabel Reply(RpcStatus status) => new((ulong)status);

    public RpcLabel WithCapabilities(uint mask) =>
        new((Value & ~(CapabilitiesMask << CapabilitiesShift)) | ((ulong)mask << CapabilitiesShift));
}
