using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>System calls with any arguments, right or wrong.</summary>
internal static class Traps
{
    public static Status Call(
        SystemCall call,
        ulong target,
        ulong info,
        ulong word0,
        ulong word1,
        ulong word2,
        ulong word3
    )
    {
        SystemCallFrame frame = Frame(call, target, info, word0, word1, word2, word3);
        return SystemCalls.Trap(ref frame);
    }

    public static Status Invoke(CapabilitySlot slot, ulong operation, ulong word0) =>
        Call(
            SystemCall.Invoke,
            slot.Value,
            MessageInfo.Of(operation, MessageLimits.RegisterWords).Value,
            word0,
            0,
            0,
            0
        );

    public static SystemCallFrame Frame(
        SystemCall call,
        ulong target,
        ulong info = 0,
        ulong word0 = 0,
        ulong word1 = 0,
        ulong word2 = 0,
        ulong word3 = 0
    ) =>
        new()
        {
            Number = (ulong)call,
            Address = target,
            Info = info,
            Word0 = word0,
            Word1 = word1,
            Word2 = word2,
            Word3 = word3,
        };
}
