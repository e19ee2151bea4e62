namespace Skerry.Base.Generator.Model;

/// <summary>One parameter, or a method's result.</summary>
/// <param name="Name">As declared, escaped if it is a keyword.</param>
/// <param name="TypeName">With namespace.</param>
/// <param name="Kind">How it travels.</param>
/// <param name="IsOut">It comes with the reply.</param>
/// <param name="IsIn">It is passed by read-only reference.</param>
/// <param name="Words">Most words it takes.</param>
/// <param name="MaximumBytes">Of Text and Buffer: the bound.</param>
/// <param name="Integer">Of Integer the type, of Enumeration the underlying one: a C# keyword.</param>
/// <param name="Validity">Of Enumeration: a pattern for {0} that holds for defined values.</param>
public sealed record ParameterModel(
    string Name,
    string TypeName,
    ParameterKind Kind,
    bool IsOut,
    bool IsIn,
    int Words,
    int MaximumBytes,
    string Integer,
    string Validity
)
{
    public bool IsCapability => Kind is ParameterKind.Capability or ParameterKind.TypedCapability;
}
