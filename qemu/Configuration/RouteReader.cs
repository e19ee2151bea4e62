using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Reads the routes of a child or vcore.</summary>
public static class RouteReader
{
    /// <summary>IParent.MaximumLabel: no session has a longer one, so that no route with more would ever match.</summary>
    public const int LabelBytes = 96;

    private const string ToParent = "parent";
    private const string ToChild = "child:";

    private static readonly (string Member, LabelMatch Match)[] _labels =
    [
        ("label", LabelMatch.Exact),
        ("labelPrefix", LabelMatch.Prefix),
        ("labelSuffix", LabelMatch.Suffix),
    ];

    internal static IReadOnlyList<RouteDescription> Read(IReadOnlyList<SourceValue> values, Diagnostics diagnostics) =>
        values.Select(value => ReadOne(value, diagnostics)).ToArray();

    private static RouteDescription ReadOne(SourceValue value, Diagnostics diagnostics)
    {
        var reader = new ObjectReader(value, "a route", diagnostics);
        string service = reader.OptionalText("service", "");
        if (reader.Has("service"))
        {
            NameRules.Check(service, "service", reader.PositionOf("service"), diagnostics);
        }
        (LabelMatch match, string label) = Label(reader, diagnostics);
        bool given = reader.Has("to");
        string to = reader.RequiredText("to");
        bool child = to.StartsWith(ToChild, System.StringComparison.Ordinal);
        if (given && !child && to != ToParent)
        {
            diagnostics.Error(
                reader.PositionOf("to"),
                DiagnosticCode.WrongValue,
                $"\"to\" must be \"parent\" or \"child:NAME\", not \"{to}\""
            );
        }
        reader.Finish();
        RouteTarget target = child ? RouteTarget.Child : RouteTarget.Parent;
        return new RouteDescription(service, match, label, target, child ? to[ToChild.Length..] : "", value.Position);
    }

    private static (LabelMatch Match, string Label) Label(ObjectReader reader, Diagnostics diagnostics)
    {
        (LabelMatch, string) chosen = (LabelMatch.Any, "");
        int given = 0;
        foreach ((string member, LabelMatch match) in _labels)
        {
            string text = NameRules.Text(reader, member, LabelBytes, diagnostics);
            if (reader.Has(member))
            {
                chosen = (match, text);
                given++;
            }
        }
        if (given > 1)
        {
            diagnostics.Error(
                reader.Position,
                DiagnosticCode.WrongValue,
                "a route has one of \"label\", \"labelPrefix\" and \"labelSuffix\""
            );
        }
        return chosen;
    }
}
