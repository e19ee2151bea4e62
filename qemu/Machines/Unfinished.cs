using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Qemu.Configuration;

namespace Skerry.Qemu.Machines;

/// <summary>
/// Who kept a system from its end, when its time is over: essential children of which no line says that they ended, and
/// whom their routes lead to. A session of a provider that never announces the service is waited for without a word.
/// </summary>
public static class Unfinished
{
    /// <param name="system">What ran.</param>
    /// <param name="lines">Of the serial console.</param>
    /// <returns>A sentence for each.</returns>
    public static IEnumerable<string> Of(SystemDescription system, IReadOnlyList<string> lines) =>
        system
            .AllChildren.Where(placed => placed.Child.Essential && !HasEnded(placed.Vcore, placed.Child.Name, lines))
            .Select(placed => $"{placed.Path} has not ended{string.Concat(Routes(placed, lines).Distinct())}");

    private static IEnumerable<string> Routes(PlacedChild placed, IReadOnlyList<string> lines) =>
        placed
            .Child.Routes.Concat(Defaults(placed))
            .Where(route => route.Target == RouteTarget.Child && route.TargetChild != placed.Child.Name)
            .Select(route =>
            {
                string service = route.Service.Length == 0 ? "what it asks for" : route.Service;
                string state = HasEnded(placed.Vcore, route.TargetChild, lines) ? "has ended" : "has not ended";
                return $"; {service} is routed to {route.TargetChild}, which {state}";
            });

    /// <summary>Those of its vcore's that its own leave something.</summary>
    private static IEnumerable<RouteDescription> Defaults(PlacedChild placed) =>
        placed.Vcore?.Routes.Where(route => !placed.Child.Routes.Any(own => UnreadRoutes.Covers(own, route))) ?? [];

    /// <summary>
    /// By the last line that says so or the contrary, as EndReports and RestartReports in base/Servers write them; a component's
    /// own lines begin with a bracket.
    /// </summary>
    private static bool HasEnded(VcoreDescription? vcore, string name, IReadOnlyList<string> lines)
    {
        string start = $"{(vcore is null ? "core" : $"vcore {vcore.Name}")}: child {name} ";
        string[] ends = ["exited with ", "failed: ", "faulted: "];
        const string restart = "is started again";
        string? last = lines.LastOrDefault(line =>
            ends.Append(restart).Any(word => line.StartsWith(start + word, StringComparison.Ordinal))
        );
        return last is not null && !last.StartsWith(start + restart, StringComparison.Ordinal);
    }
}
