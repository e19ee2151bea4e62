namespace Skerry.Base.Configuration;

/// <summary>What the numbers in a vcore's CPU list name.</summary>
public enum CpuSelection : uint
{
    /// <summary>All CPUs of these clusters.</summary>
    Clusters = 0,

    /// <summary>All CPUs of these nodes.</summary>
    Nodes = 1,

    /// <summary>These CPUs.</summary>
    Cpus = 2,
}
