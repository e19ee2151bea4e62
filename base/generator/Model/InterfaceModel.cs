namespace Skerry.Base.Generator.Model;

/// <summary>An RPC interface.</summary>
/// <param name="Namespace">Where the generated types go: the interface's own.</param>
/// <param name="Name">IThing.</param>
/// <param name="BaseName">Thing.</param>
/// <param name="Accessibility">public or internal, for all that is generated.</param>
/// <param name="Hash">Of the full name; never 0.</param>
/// <param name="Methods">In the order of their numbers.</param>
public sealed record InterfaceModel(
    string Namespace,
    string Name,
    string BaseName,
    string Accessibility,
    uint Hash,
    EquatableArray<MethodModel> Methods
);
