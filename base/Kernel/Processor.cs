using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>What a thread asks of the CPU it runs on without naming a capability.</summary>
public static class Processor
{
    /// <summary>Give the rest of this time slice to threads of the same priority.</summary>
    public static void Yield()
    {
        var frame = new SystemCallFrame { Number = (ulong)SystemCall.Yield };
        SystemCalls.Trap(ref frame);
    }
}
