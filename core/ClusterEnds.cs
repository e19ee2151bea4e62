using System.Threading;
using Skerry.Base.Memory;
using Skerry.Base.Text;
using Skerry.Core.Links;

namespace Skerry.Core;

/// <summary>
/// What the root knows of the other clusters. The doorbell thread writes figures and states, and whoever looks at the panic
/// signs writes Lost, so states are or-ed. Figures are read only behind the state that says that they are whole.
/// </summary>
internal static unsafe class ClusterEnds
{
    /// <summary>By cluster.</summary>
    private static ClusterEntry* entries;

    /// <summary>The first cluster that told of a failure; 0, the root's, for none.</summary>
    private static uint failed;

    /// <summary>Written once, before <see cref="failed"/>, by the thread that writes it.</summary>
    private static BoundedText<NameBytes> failedChild;

    /// <summary>Before any message is served.</summary>
    /// <param name="memory">The root's.</param>
    /// <param name="clusters">Of the machine.</param>
    /// <returns>False if memory lacks.</returns>
    public static bool Open(ref ServerMemory memory, uint clusters)
    {
        entries = (ClusterEntry*)memory.TryTake(clusters * (ulong)sizeof(ClusterEntry));
        return entries != null;
    }

    /// <summary>The cluster of the first essential child that failed in another one than the root's.</summary>
    /// <param name="cluster">Its number.</param>
    /// <param name="name">Of the child; core's own if that failed.</param>
    public static bool TryFindFailed(out uint cluster, out BoundedText<NameBytes> name)
    {
        cluster = Volatile.Read(ref failed);
        name = cluster == 0 ? default : failedChild;
        return cluster != 0;
    }

    public static void SetFailed(uint cluster, in BoundedText<NameBytes> name)
    {
        if (failed == 0)
        {
            failedChild = name;
            Volatile.Write(ref failed, cluster);
        }
    }

    public static ref ClusterEntry Of(uint cluster) => ref entries[cluster];

    /// <summary>Whether all clusters but the root's have come so far, or are lost.</summary>
    public static bool AllAre(ClusterState state, uint clusters)
    {
        for (uint i = 1; i < clusters; i++)
        {
            if (!Is(i, state) && !Is(i, ClusterState.Lost))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>A lost cluster; false if there is none.</summary>
    public static bool TryFindLost(uint clusters, out uint cluster)
    {
        cluster = 1;
        while (cluster < clusters && !Is(cluster, ClusterState.Lost))
        {
            cluster++;
        }
        return cluster < clusters;
    }

    public static bool Is(uint cluster, ClusterState state) =>
        (Volatile.Read(ref Of(cluster).State) & (ulong)state) != 0;

    public static void Set(uint cluster, ClusterState state) => Interlocked.Or(ref Of(cluster).State, (ulong)state);

    /// <summary>One line of the final table.</summary>
    internal struct ClusterEntry
    {
        /// <summary>Of <see cref="ClusterState"/>.</summary>
        public ulong State;
        public ClusterStatistics Statistics;
    }
}
