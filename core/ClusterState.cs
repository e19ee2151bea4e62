using System;

namespace Skerry.Core;

/// <summary>How far a cluster has come, as the root knows.</summary>
[Flags]
internal enum ClusterState : ulong
{
    /// <summary>Its essential children have all ended well, or it has none.</summary>
    Succeeded = 1 << 0,

    /// <summary>Its statistics are complete.</summary>
    Stopped = 1 << 1,

    /// <summary>Its kernel has panicked.</summary>
    Lost = 1 << 2,
}
