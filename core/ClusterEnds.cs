using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Core.Links;

namespace Skerry.Core;

/// <summary>
/// What the root knows of the other clusters. The doorbell thread writes it, the root's main thread reads it, after the
/// flag that says that it is whole.
/// </summary>
internal static class ClusterEnds
{
    private const int MaximumClusters = 256;

    private static Entries entries;
    private static uint succeeded;
    private static uint stopped;
    private static uint failed;

    /// <summary>Clusters whose essential children have all ended well, or that have none.</summary>
    public static uint Succeeded => Volatile.Read(ref succeeded);

    /// <summary>Clusters whose statistics are complete.</summary>
    public static uint Stopped => Volatile.Read(ref stopped);

    public static bool HasFailed => Volatile.Read(ref failed) != 0;

    public static void AddSucceeded() => Interlocked.Add(ref succeeded, 1);

    public static void AddStopped() => Interlocked.Add(ref stopped, 1);

    public static void SetFailed() => Volatile.Write(ref failed, 1);

    public static ref ClusterEntry Of(uint cluster) => ref entries[(int)cluster];

    /// <summary>One line of the final table.</summary>
    internal struct ClusterEntry
    {
        public ClusterStatistics Kernel;
        public ServerStatistics Server;
    }

    [InlineArray(MaximumClusters)]
    private struct Entries
    {
        private ClusterEntry _entry;
    }
}
