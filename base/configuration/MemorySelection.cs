namespace Skerry.Base.Configuration;

/// <summary>Where a vcore's memory is to come from.</summary>
public enum MemorySelection : uint
{
    /// <summary>From the node of each instance's own cluster; the size counts once per instance.</summary>
    Local = 0,

    /// <summary>From one named node.</summary>
    Node = 1,

    /// <summary>Exactly this physical range.</summary>
    Range = 2,
}
