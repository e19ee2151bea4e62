using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Finds routes among the children of one parent that lead out of a cluster: a session is a capability.</summary>
internal static class RouteReach
{
    /// <param name="homes">The children, and the cluster that each lives in.</param>
    /// <param name="defaults">Routes of the parent's, for all children.</param>
    /// <param name="diagnostics">Where mistakes are recorded.</param>
    public static void Check(
        IReadOnlyDictionary<ChildDescription, int> homes,
        IReadOnlyList<RouteDescription> defaults,
        Diagnostics diagnostics
    )
    {
        foreach (ChildDescription client in homes.Keys)
        {
            foreach (RouteDescription route in client.Routes)
            {
                Route(route, [client], homes, diagnostics);
            }
        }
        foreach (RouteDescription route in defaults)
        {
            Route(route, homes.Keys, homes, diagnostics);
        }
    }

    /// <summary>It is a mistake for certain if none of its clients is where the provider is.</summary>
    private static void Route(
        RouteDescription route,
        IEnumerable<ChildDescription> clients,
        IReadOnlyDictionary<ChildDescription, int> homes,
        Diagnostics diagnostics
    )
    {
        ChildDescription? provider = homes.Keys.FirstOrDefault(child => child.Name == route.TargetChild);
        if (route.Target != RouteTarget.Child || provider is null)
        {
            return;
        }
        ChildDescription[] others = [.. clients.Where(client => client != provider)];
        if (others.Length != 0 && others.All(client => homes[client] != homes[provider]))
        {
            string who = others.Length == 1 ? $"\"{others[0].Name}\" in {homes[others[0]]}" : "no other child does";
            string reason = $"\"{provider.Name}\" lives in cluster {homes[provider]}, and {who}";
            diagnostics.Error(
                route.Position,
                DiagnosticCode.RouteAcrossClusters,
                $"{reason}; a session leads to a child of the same cluster"
            );
        }
    }
}
