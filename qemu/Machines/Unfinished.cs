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
    private const string Running = "has not ended";
    private const string Ended = "has ended";

    /// <summary>What a line says of a child, and what became of it then.</summary>
    private static readonly (string Words, string State)[] _states =
    [
        ("exited with ", Ended),
        ("failed: ", Ended),
        ("faulted: ", Ended),
        ("is started again", Running),
        ("not started: ", "was not started"),
    ];

    /// <param name="system">What ran.</param>
    /// <param name="lines">Of the serial console.</param>
    /// <returns>A sentence for each.</returns>
    public static IEnumerable<string> Of(SystemDescription system, IReadOnlyList<string> lines) =>
        system
            .AllChildren.Where(placed => placed.Child.Essential)
            .Select(placed => (Placed: placed, State: StateOf(placed.Vcore, placed.Child.Name, lines)))
            .Where(child => child.State != Ended)
            .Select(child =>
                $"{child.Placed.Path} {child.State}{string.Concat(Routes(child.Placed, lines).Distinct())}"
            );

    private static IEnumerable<string> Routes(PlacedChild placed, IReadOnlyList<string> lines) =>
        placed
            .Child.Routes.Concat(Defaults(placed))
            .Where(route => route.Target == RouteTarget.Child && route.TargetChild != placed.Child.Name)
            .Select(route =>
            {
                string service = route.Service.Length == 0 ? "what it asks for" : route.Service;
                string state = StateOf(placed.Vcore, route.TargetChild, lines);
                return $"; {service} is routed to {route.TargetChild}, which {state}";
            });

    /// <summary>Those of its vcore's that its own leave something.</summary>
    private static IEnumerable<RouteDescription> Defaults(PlacedChild placed) =>
        placed.Vcore?.Routes.Where(route => !placed.Child.Routes.Any(own => UnreadRoutes.Covers(own, route))) ?? [];

    /// <summary>
    /// By the last line that says what became of it, as EndReports, RestartReports and ConfiguredChildren in base/Servers
    /// write them; nobody else's lines begin so.
    /// </summary>
    private static string StateOf(VcoreDescription? vcore, string name, IReadOnlyList<string> lines)
    {
        string start = $"{(vcore is null ? "core" : $"vcore {vcore.Name}")}: child {name} ";
        return lines
                .Reverse()
                .SelectMany(line =>
                    _states.Where(state => line.StartsWith(start + state.Words, StringComparison.Ordinal))
                )
                .FirstOrDefault()
                .State
            ?? Running;
    }
}
