using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Abi;

/// <summary>
/// The part of a thread's message buffer page that the kernel reads and writes. It lies at the start of the page; the
/// rest of the page is the thread's own.
/// </summary>
/// <remarks>
/// <code>
///   0    words 0 to 63 (0 to 3 travel in registers; their places are unused)
///   512  addresses of the capabilities to send (plain or nested), 3 words
///   536  receiver's: first slot that receives capabilities (plain or nested, short), and how many are free: 2 words
///   552  what arrived, per capability: 0 none, 1 a capability in the receive slot, 2 unwrapped: 3 words
///   576  badges of the unwrapped ones, 3 words
/// </code>
/// A transferred capability to an endpoint of the same group as the one the message travels through is unwrapped: the
/// receiver gets its badge instead of a capability, which is how a server knows its own objects again.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 1024)]
public struct MessageBuffer
{
    [FieldOffset(0)]
    public MessageWords Words;

    [FieldOffset(512)]
    public CapabilityWords SendSlots;

    [FieldOffset(536)]
    public ulong ReceiveSlot;

    [FieldOffset(544)]
    public ulong ReceiveCount;

    [FieldOffset(552)]
    public CapabilityWords Arrived;

    [FieldOffset(576)]
    public CapabilityWords Badges;
}

[InlineArray(MessageLimits.MaximumWords)]
public struct MessageWords
{
    private ulong _word;
}

[InlineArray(MessageLimits.MaximumCapabilities)]
public struct CapabilityWords
{
    private ulong _word;
}

/// <summary>How one transferred capability arrived.</summary>
public enum CapabilityArrival : ulong
{
    None = 0,

    /// <summary>Installed in the receive slot of the same index.</summary>
    Installed = 1,

    /// <summary>It designates an object of the receiver's; its badge is in <see cref="MessageBuffer.Badges"/>.</summary>
    Unwrapped = 2,
}
