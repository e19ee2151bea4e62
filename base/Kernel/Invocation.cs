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
            Rax = (ulong)SystemCall.Invoke,
            Rdi = slot.Value,
            Rsi = MessageInfo.Of(operation, MessageLimits.RegisterWords).Value,
            Rdx = word0,
            R8 = word1,
            R9 = word2,
            R10 = word3,
        };
        Status status = SystemCalls.Trap(ref frame);
        result = new InvocationResult(frame.Rdx, frame.R8, frame.R9, frame.R10);
        return status;
    }
}
