namespace Skerry.Base.Needs;

/// <summary>What every component is given at least.</summary>
public static class ComponentNeeds
{
    /// <summary>Capabilities: one for each piece of memory that it starts with, or has; the library counts on so many.</summary>
    public const uint Capabilities = 64;

    /// <summary>Places for sessions that it opens, and has not closed.</summary>
    public const int Sessions = 64;

    /// <summary>Pages of what its parent knows of it, when it starts.</summary>
    public const uint RecordPages = 2;
}
