using Skerry.Abi;

namespace Skerry.Kernel.Layout;

/// <summary>What the short ways of system calls answer to the stubs that called them.</summary>
internal static class FastCalls
{
    /// <summary>Not a status that user level sees: take the slow path, nothing has changed.</summary>
    public const Status Declined = (Status)ulong.MaxValue;
}
