namespace Skerry.Base.Generator.Model;

/// <summary>How a parameter travels.</summary>
public enum ParameterKind
{
    /// <summary>An integer or bool in one word.</summary>
    Integer,

    /// <summary>An enum in one word; its receiver checks that the value is one of its members.</summary>
    Enumeration,

    /// <summary>The bytes of an unmanaged structure.</summary>
    Structure,

    /// <summary>A capability as it is.</summary>
    Capability,

    /// <summary>A capability within a type of its own.</summary>
    TypedCapability,

    /// <summary>ReadOnlySpan of bytes: length and content.</summary>
    Text,

    /// <summary>Span of bytes that the server fills: its capacity travels there, its content back.</summary>
    Buffer,
}
