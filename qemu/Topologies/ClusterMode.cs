namespace Skerry.Qemu.Topologies;

/// <summary>Which CPUs one kernel instance runs; the boot parameter <c>cluster=</c>.</summary>
public enum ClusterMode
{
    /// <summary>Those that share an L2 cache.</summary>
    L2,

    /// <summary>Each by itself.</summary>
    Cpu,

    /// <summary>Those of one node.</summary>
    Node,

    /// <summary>All.</summary>
    Machine,
}
