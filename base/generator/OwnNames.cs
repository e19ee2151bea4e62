using System;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;

namespace Skerry.Base.Generator;

/// <summary>Which names are the user's and which the generator's own, so that no two meet.</summary>
internal static class OwnNames
{
    /// <summary>Begins the name of every local, field and primary parameter that is generated; C# keeps it for tools.</summary>
    private const string Prefix = "__";

    /// <summary>What the generated types call their members and type parameters, for all to see.</summary>
    private static readonly string[] _members =
    [
        "Dispatch",
        "InterfaceHash",
        "Slot",
        "get_Slot",
        "TServer",
        "TTransport",
    ];

    /// <summary>What every type inherits: a member of the same name would hide it.</summary>
    private static readonly string[] _inherited =
    [
        "Equals",
        "Finalize",
        "GetHashCode",
        "GetType",
        "MemberwiseClone",
        "ReferenceEquals",
        "ToString",
    ];

    /// <summary>The ends of the generated types' names; a member can't have its type's name.</summary>
    private static readonly string[] _types = ["Client", "Dispatch", "Methods"];

    public static bool IsTakenFromParameters(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    public static bool IsTakenFromMethods(string name, string baseName) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        || _members.Contains(name)
        || _inherited.Contains(name)
        || _types.Any(end => name == baseName + end);

    /// <summary>A name as C# takes it, keywords too.</summary>
    public static string Escaped(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
}
