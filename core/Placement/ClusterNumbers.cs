using System;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;
using Skerry.Base.Configuration;
using Skerry.Base.Needs;

namespace Skerry.Core.Placement;

/// <summary>
/// Clusters as a configuration numbers them: all that the machine has, those too that bootstrap parked for want of memory.
/// Kernels have numbers without gaps, so that behind a parked cluster the two differ.
/// </summary>
public struct ClusterNumbers
{
    private const int Maximum = MachineHeader.MaximumClusters;

    private ParkedSet _parked;

    /// <param name="cpus">The machine's.</param>
    public static ClusterNumbers Of(ReadOnlySpan<MachineCpu> cpus)
    {
        var numbers = new ClusterNumbers();
        for (int i = 0; i < cpus.Length; i++)
        {
            if (ParkedCluster.Is(cpus[i].Cluster, out uint number) && number < Maximum)
            {
                numbers._parked[(int)number] = true;
            }
        }
        return numbers;
    }

    public readonly bool IsParked(uint number) => number < Maximum && _parked[(int)number];

    /// <summary>The number that a configuration means a CPU's cluster by, or a running cluster.</summary>
    public readonly uint Meant(uint cluster)
    {
        if (ParkedCluster.Is(cluster, out uint parked))
        {
            return parked;
        }
        uint number = 0;
        for (uint running = 0; ; number++)
        {
            if (!IsParked(number) && running++ == cluster)
            {
                return number;
            }
        }
    }

    /// <summary>Whether a child's record means this running cluster.</summary>
    public readonly bool IsIn(in ChildRecord child, uint cluster) => NumberOf(in child) == Meant(cluster);

    /// <summary>The cluster that the record of one of core's children names.</summary>
    public static uint NumberOf(in ChildRecord child) => child.Cluster == ChildRecord.BootCluster ? 0 : child.Cluster;

    [InlineArray(Maximum)]
    private struct ParkedSet
    {
        private bool _isParked;
    }
}
