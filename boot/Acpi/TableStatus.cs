namespace Skerry.Boot.Acpi;

/// <summary>Whether a table can be read.</summary>
public enum TableStatus : byte
{
    Valid,
    Missing,
    TooShort,
    BadSignature,
    BadLength,
    BadChecksum,

    /// <summary>A table about nodes with none in it.</summary>
    NamesNoNode,
}
