using System;

namespace Skerry.Base.Configuration;

/// <summary>Options of one child.</summary>
[Flags]
public enum ChildFlags : uint
{
    None = 0,

    /// <summary>The system ends when all essential children have exited.</summary>
    Essential = 1 << 0,

    /// <summary>It may have the kernel record what all threads of its CPUs ask of it (TRACE).</summary>
    Trace = 1 << 1,
}
