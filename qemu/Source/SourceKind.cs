namespace Skerry.Qemu.Source;

/// <summary>The kinds of value that JSON knows.</summary>
public enum SourceKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}
