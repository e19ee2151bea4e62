using System.Threading;

namespace Skerry.Base.Channels;

/// <summary>What channels use.</summary>
public readonly struct StrictOrder : IMemoryOrder
{
    public static bool LooksAgain => true;

    public static void Fence() => Interlocked.MemoryBarrier();
}
