using System;
using Skerry.Base.Configuration;
using Skerry.Base.Servers.Components;

namespace Skerry.Base.Servers.Services;

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
        if (StartupServices.Contains(service))
        {
            return false;
        }
        var configuration = SystemConfiguration.OfChecked(server->Configuration);
        ChildRecord record = child->Record;
        if (TryMatch(configuration, child, record.Routes, service, label, out RouteRecord route))
        {
            target = route.TargetChild;
            return route.Target == RouteTarget.Child;
        }
        if (record.Owner == ChildRecord.OwnedByCore)
        {
            return false;
        }
        RecordRange defaults = configuration.Vcore(record.Owner).Routes;
        bool found = TryMatch(configuration, child, defaults, service, label, out route);
        target = route.TargetChild;
        return found && route.Target == RouteTarget.Child;
    }

    /// <summary>A route that leads to the child itself, as a vcore's may, is for the others.</summary>
    private static bool TryMatch(
        SystemConfiguration configuration,
        Child* child,
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
            bool isOwn = route.Target == RouteTarget.Child && route.TargetChild == child->ConfigurationIndex;
            bool matches = !isOwn && (named.IsEmpty || named.SequenceEqual(service));
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
