using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>
/// A whole message in the thread's own memory: nothing that arrives later, and no call made meanwhile, changes it. It begins
/// with what travels in registers, as a system call takes and leaves it, so that a short message is not copied.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct RpcMessage
{
    private const int CapabilitiesOffset = SystemCallLayout.Word0 + MessageLimits.MaximumWords * sizeof(ulong);
    private const int CapabilityBytes = 2 * sizeof(ulong);

    /// <summary>The number of the call and its capability are for whoever makes it.</summary>
    [FieldOffset(0)]
    public SystemCallFrame Registers;

    /// <summary>
    /// All that travel in registers are sent whatever the length, so those beyond it are zero: <see cref="MessageWriter"/>
    /// sees to it that they do not tell what the stack held before.
    /// </summary>
    [FieldOffset(SystemCallLayout.Word0)]
    public MessageWords Words;

    [FieldOffset(CapabilitiesOffset)]
    public CapabilityArguments Capabilities;

    /// <summary>Valid ones among <see cref="Capabilities"/>, those that are none included.</summary>
    [FieldOffset(CapabilitiesOffset + MessageLimits.MaximumCapabilities * CapabilityBytes)]
    public int CapabilityCount;

    /// <summary>Of the capability that a request came through: the object that is called.</summary>
    public ulong Badge
    {
        readonly get => Registers.Address;
        set => Registers.Address = value;
    }

    public RpcLabel Label
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => new(new MessageInfo(Registers.Info).Label);
        set => Registers.Info = MessageInfo.Of(value.Value, Length).Value;
    }

    /// <summary>Valid ones among <see cref="Words"/>.</summary>
    public int Length
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => new MessageInfo(Registers.Info).Length;
        set => Registers.Info = MessageInfo.Of(Label.Value, value).Value;
    }

    /// <summary>Begins a message of so many words and capabilities, which are yet to be put in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(RpcLabel label, int words, int capabilities)
    {
        Registers.Info = MessageInfo.Of(label.Value, words).Value;
        CapabilityCount = capabilities;
    }

    /// <summary>Puts the bytes of a structure from a word on, padded with zero to whole words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Put<T>(int word, in T value)
        where T : unmanaged
    {
        if (sizeof(T) % sizeof(ulong) != 0)
        {
            Words[word + sizeof(T) / sizeof(ulong)] = 0;
        }
        Unsafe.As<ulong, T>(ref Words[word]) = value;
    }

    /// <summary>The structure whose bytes begin with a word.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Take<T>(int word)
        where T : unmanaged => Unsafe.As<ulong, T>(ref Words[word]);

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SentCapability(ref RpcMessage message) =>
        message.Label.Capabilities != 0 || (message.CapabilityCount != 0 && HasCapabilityFrom(ref message, 0));

    [InlineArray(MessageLimits.MaximumCapabilities)]
    public struct CapabilityArguments
    {
        private Capability _capability;
    }
}
