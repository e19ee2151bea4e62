namespace Skerry.Base.Sessions;

/// <summary>Amounts of the two resources that a PD accounts for.</summary>
public readonly struct Quota(ulong ramBytes, ulong capabilities)
{
    public ulong RamBytes { get; } = ramBytes;

    public ulong Capabilities { get; } = capabilities;

    public static Quota None => default;
}
