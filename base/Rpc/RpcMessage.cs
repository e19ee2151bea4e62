using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>
/// A whole message in the thread's own memory: nothing that arrives later, and no call made meanwhile, changes it.
/// </summary>
public struct RpcMessage
{
    /// <summary>Of the capability that a request came through: the object that is called.</summary>
    public ulong Badge;
    public RpcLabel Label;

    /// <summary>Valid ones among <see cref="Words"/>.</summary>
    public int Length;

    /// <summary>Valid ones among <see cref="Capabilities"/>, those that are none included.</summary>
    public int CapabilityCount;
    public CapabilityArguments Capabilities;

    /// <summary>
    /// All that travel in registers are sent whatever the length, so those beyond it are zero: <see cref="MessageWriter"/>
    /// sees to it that they do not tell what the stack held before.
    /// </summary>
    public MessageWords Words;

    /// <summary>Whether it has so many words, and no capability behind so many places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Holds(ref RpcMessage message, int words, int capabilities) =>
        message.Length == words
        && (message.CapabilityCount <= capabilities || !HasCapabilityFrom(ref message, capabilities));

    /// <summary>The capability of a place; none if it has not that many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Capability CapabilityAt(ref RpcMessage message, int index) =>
        index < message.CapabilityCount ? message.Capabilities[index] : Capability.None;

    /// <summary>Whether there is one at this place or behind it.</summary>
    public static bool HasCapabilityFrom(ref RpcMessage message, int first)
    {
        for (int i = first; i < message.CapabilityCount; i++)
        {
            if (!message.Capabilities[i].IsNone)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// Whether its sender sent any capability, arrived or not: a sender that sent none meant none.
    /// </summary>
    public static bool SentCapability(ref RpcMessage message) =>
        message.Label.Capabilities != 0 || HasCapabilityFrom(ref message, 0);

    [InlineArray(MessageLimits.MaximumCapabilities)]
    public struct CapabilityArguments
    {
        private Capability _capability;
    }
}
