using Skerry.Qemu.Source;

namespace Skerry.Qemu.Topologies;

/// <summary>One NUMA node: memory in bytes, or 0; CPUs, or 0; not both 0.</summary>
/// <param name="Position">Where the file describes it.</param>
public sealed record TopologyNode(int Id, ulong Memory, int Cpus, SourcePosition Position);
