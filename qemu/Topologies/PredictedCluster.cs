using System.Collections.Generic;

namespace Skerry.Qemu.Topologies;

/// <summary>A cluster that bootstrap will form.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Cpus">Its CPUs in ascending order.</param>
/// <param name="MemoryNode">The node that its memory comes from: its CPUs' own, or the nearest with memory.</param>
public sealed record PredictedCluster(int Id, IReadOnlyList<int> Cpus, int MemoryNode);
