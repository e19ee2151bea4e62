namespace Skerry.Abi;

/// <summary>
/// The most that one system call makes, as it makes all of it with interrupts off (docs/decisions/0066). Who asks for more
/// is told InvalidArgument.
/// </summary>
public static class CallLimits
{
    /// <summary>Pages of a <see cref="FrameOperation.Map"/> or of ReplyMapRecv, of any size: half of a page table.</summary>
    public const uint Pages = 256;

    /// <summary>Objects of a <see cref="UntypedOperation.Retype"/>.</summary>
    public const uint Objects = 64;

    /// <summary>Threads of a retype: each of them gets registers.</summary>
    public const uint Threads = 32;

    /// <summary>Address spaces of a retype: each of them gets a copy of the kernel's half of the root table.</summary>
    public const uint AddressSpaces = 8;
}
