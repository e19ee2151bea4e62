using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Finds routes that no request comes to: what they say would be taken for what happens. Needs no machine.</summary>
internal static class UnreadRoutes
{
    public static void Check(SystemDescription system, Diagnostics diagnostics)
    {
        foreach (ChildDescription child in system.AllChildren.Select(placed => placed.Child))
        {
            List(child.Routes, diagnostics);
        }
        foreach (VcoreDescription vcore in system.Vcores)
        {
            List(vcore.Routes, diagnostics);
            Defaults(vcore, diagnostics);
        }
    }

    /// <summary>Whether each child has a session of the service from its start, so that no route is asked.</summary>
    public static bool IsOfStart(string service) => StartupServices.Contains(Encoding.UTF8.GetBytes(service));

    /// <summary>Routes that are tried one after the other.</summary>
    private static void List(IReadOnlyList<RouteDescription> routes, Diagnostics diagnostics)
    {
        for (int i = 0; i < routes.Count; i++)
        {
            RouteDescription route = routes[i];
            if (IsOfStart(route.Service))
            {
                string reason = $"no route is asked for \"{route.Service}\": each child has its session from the start";
                diagnostics.Error(route.Position, DiagnosticCode.NeverAsked, reason);
            }
            else if (routes.Take(i).FirstOrDefault(before => Covers(before, route)) is { } before)
            {
                string where = $"line {before.Position.Line}, column {before.Position.Column}";
                string reason = $"this route is never tried: the one in {where} takes all that it would";
                diagnostics.Error(route.Position, DiagnosticCode.NeverAsked, reason);
            }
        }
    }

    /// <summary>A vcore's routes are for what its children's own leave.</summary>
    private static void Defaults(VcoreDescription vcore, Diagnostics diagnostics)
    {
        foreach (RouteDescription route in vcore.Routes)
        {
            ChildDescription[] clients = [.. vcore.Children.Where(child => child.Name != route.TargetChild)];
            if (clients.All(child => child.Routes.Any(own => Covers(own, route))))
            {
                string why =
                    clients.Length == 0 ? "there is none" : "each has one of its own that takes all that it would";
                string reason = $"no child of \"{vcore.Name}\" comes to this route: {why}";
                diagnostics.Error(route.Position, DiagnosticCode.NeverAsked, reason);
            }
        }
    }

    /// <summary>Whether all that the second matches is matched by the first.</summary>
    public static bool Covers(RouteDescription first, RouteDescription second) =>
        (first.Service.Length == 0 || first.Service == second.Service) && CoversLabel(first, second);

    private static bool CoversLabel(RouteDescription first, RouteDescription second)
    {
        bool isPart = first.LabelMatch is LabelMatch.Prefix or LabelMatch.Suffix;
        bool isAny = first.LabelMatch == LabelMatch.Any || (isPart && first.Label.Length == 0);
        bool isComparable = second.LabelMatch == LabelMatch.Exact || second.LabelMatch == first.LabelMatch;
        return isAny
            || (
                isComparable
                && first.LabelMatch switch
                {
                    LabelMatch.Prefix => second.Label.StartsWith(first.Label, StringComparison.Ordinal),
                    LabelMatch.Suffix => second.Label.EndsWith(first.Label, StringComparison.Ordinal),
                    _ => second.Label == first.Label,
                }
            );
    }
}
