namespace Skerry.Base.Sessions;

/// <summary>What the thread wanted that waits at a region map.</summary>
public enum RegionFaultKind : uint
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 3,
}
