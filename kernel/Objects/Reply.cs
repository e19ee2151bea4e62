using System.Runtime.InteropServices;

namespace Skerry.Kernel.Objects;

/// <summary>
/// The right to answer one caller, once. Belongs to the CPU of the thread it is bound to, or was last bound to.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal unsafe struct Reply
{
    /// <summary>Who waits for the answer, or null.</summary>
    public Thread* Caller;

    /// <summary>The thread whose receives bind callers here, or null.</summary>
    public Thread* Owner;

    /// <summary>The thread that runs on the caller's lent scheduling context, or null if none was lent.</summary>
    public Thread* Borrower;

    public uint Cpu;

    public const int SizeBits = 6;
}
