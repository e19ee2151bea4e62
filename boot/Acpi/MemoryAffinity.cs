namespace Skerry.Boot.Acpi;

/// <summary>A range of physical memory and the proximity domain it belongs to.</summary>
public struct MemoryAffinity
{
    public ulong Base;
    public ulong Length;
    public uint Domain;

    /// <summary>Part of a hot-plug window.</summary>
    public bool IsWindow;

    public readonly ulong End => Base + Length;
}
