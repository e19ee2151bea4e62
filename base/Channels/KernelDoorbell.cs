using Skerry.Base.Kernel;

namespace Skerry.Base.Channels;

/// <summary>The kernel's doorbell: one IPI to a CPU of the receiver's cluster.</summary>
public readonly struct KernelDoorbell(DoorbellCapability doorbell) : IDoorbell
{
    public void Ring() => doorbell.Ring();
}
