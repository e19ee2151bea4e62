using Skerry.Base.Memory;

namespace Skerry.Base.Servers.Objects;

/// <summary>
/// The entries of a server's table that one protection domain pays for, or the server itself. They stay its own until the
/// domain ends. The domain's lock protects it, that of the server's own the service lock, held alone.
/// </summary>
public unsafe struct ObjectShare
{
    /// <summary>Where its pages come from.</summary>
    internal RecordPool* Records;

    /// <summary>The first free entry, by index in the table; 0 for none.</summary>
    internal uint FirstFree;

    /// <summary>Its last page, by number in the table, plus one; the others behind it.</summary>
    internal uint LastPage;
}
