namespace Skerry.Base.RegionMaps;

/// <summary>What the pages of a dataspace are.</summary>
public enum DataspaceKind : byte
{
    /// <summary>A frame made from the server's own memory, or handed to it.</summary>
    Frame = 0,

    /// <summary>The regions of another region map.</summary>
    Managed = 1,

    /// <summary>Another server's: its faults are forwarded there.</summary>
    Foreign = 2,
}
