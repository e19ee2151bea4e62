using System;
using Skerry.Base.Configuration;

namespace Skerry.Base.Servers;

/// <summary>Where the configuration sends a child's session requests.</summary>
public static unsafe class Routes
{
    /// <summary>Whether another child of the same parent is to serve; if not, the parent does.</summary>
    public static bool TryFindChild(
        Server* server,
        Child* child,
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        out uint target
    )
    {
        target = 0;
        if (
            SystemConfiguration.Open(server->Configuration, out SystemConfiguration configuration)
            != ConfigurationStatus.Ok
        )
        {
            return false;
        }
        ChildRecord record = child->Record;
        if (TryMatch(configuration, record.Routes, service, label, out RouteRecord route))
        {
            target = route.TargetChild;
            return route.Target == RouteTarget.Child;
        }
        bool inVcore = record.Owner != ChildRecord.OwnedByCore;
        if (inVcore && TryMatch(configuration, configuration.Vcore(record.Owner).Routes, service, label, out route))
        {
            target = route.TargetChild;
            return route.Target == RouteTarget.Child;
        }
        return false;
    }

    private static bool TryMatch(
        SystemConfiguration configuration,
        RecordRange range,
        ReadOnlySpan<byte> service,
        ReadOnlySpan<byte> label,
        out RouteRecord route
    )
    {
        for (uint i = 0; i < range.Count; i++)
        {
            route = configuration.Route(range.First + i);
            ReadOnlySpan<byte> named = configuration.Text(route.Service);
            bool matches = named.IsEmpty || named.SequenceEqual(service);
            if (matches && LabelMatches(route.LabelMatch, configuration.Text(route.Label), label))
            {
                return true;
            }
        }
        route = default;
        return false;
    }

    private static bool LabelMatches(LabelMatch match, ReadOnlySpan<byte> wanted, ReadOnlySpan<byte> label) =>
        match switch
        {
            LabelMatch.Exact => label.SequenceEqual(wanted),
            LabelMatch.Prefix => label.StartsWith(wanted),
            LabelMatch.Suffix => label.Length >= wanted.Length
                && label.Slice(label.Length - wanted.Length).SequenceEqual(wanted),
            _ => true,
        };
}
