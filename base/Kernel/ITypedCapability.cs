namespace Skerry.Base.Kernel;

/// <summary>
/// A capability whose C# type says what it designates. RPC methods take and give any type that implements this; what
/// travels is the capability.
/// </summary>
public interface ITypedCapability<TSelf>
    where TSelf : ITypedCapability<TSelf>
{
    Capability Capability { get; }

    /// <summary>Trusts the caller that the capability designates such an object; the kernel or server checks at use.</summary>
    static abstract TSelf FromCapability(Capability capability);
}
