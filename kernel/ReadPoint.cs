using System.Runtime.CompilerServices;

namespace Skerry.Kernel;

/// <summary>
/// Where another CPU may change what is read, or come first. The kernel has no code for it. On the host the other CPU's
/// change is made there, which is how tests see each order of the two; in the checked kernel another CPU may run there.
/// </summary>
internal static partial class ReadPoint
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Reached(ReadPlace place) => OnReached(place);

    static partial void OnReached(ReadPlace place);
}

internal enum ReadPlace
{
    /// <summary>A slot's word has been read, and its data has not.</summary>
    SlotWord,

    /// <summary>It is known that there is a fault table, and not where.</summary>
    FaultTableCount,

    /// <summary>A long message was found to have a buffer, and is not copied.</summary>
    MessageBuffer,

    /// <summary>A Reply object's mark is about to be taken away.</summary>
    ReplyMark,

    /// <summary>A system call is about to take the cluster lock.</summary>
    LockWanted,
}
