using System.Runtime.CompilerServices;
using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>One operation on a kernel object: what all typed capabilities come down to.</summary>
internal static class Invocation
{
    /// <summary>Two halves of a word, low first (see Operations.cs).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Pack(uint low, uint high) => low | ((ulong)high << 32);

    public static ulong Pack(CapabilitySlot low, CapabilitySlot high) => Pack(low.Value, high.Value);

    public static Status Invoke(
        CapabilitySlot slot,
        ulong operation,
        ulong word0 = 0,
        ulong word1 = 0,
        ulong word2 = 0,
        ulong word3 = 0
    ) => Invoke(slot, operation, word0, word1, word2, word3, out _);

    [SkipLocalsInit]
    public static Status Invoke(
        CapabilitySlot slot,
        ulong operation,
        ulong word0,
        ulong word1,
        ulong word2,
        ulong word3,
        out InvocationResult result
    )
    {
        var frame = new SystemCallFrame
        {
            Number = (ulong)SystemCall.Invoke,
            Address = slot.Value,
            Info = MessageInfo.Of(operation, MessageLimits.RegisterWords).Value,
            Word0 = word0,
            Word1 = word1,
            Word2 = word2,
            Word3 = word3,
        };
        Status status = SystemCalls.Trap(ref frame);
        result = new InvocationResult(frame.Word0, frame.Word1, frame.Word2, frame.Word3);
        return status;
    }
}
