namespace Skerry.Base.RegionMaps;

/// <summary>Whether faults may use a region.</summary>
public enum RegionState : byte
{
    Active = 0,

    /// <summary>Being detached: its addresses are taken, and a racing fault tries again instead of mapping.</summary>
    Reserved = 1,
}
