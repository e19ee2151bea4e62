using System.Collections.Generic;
using System.Linq;
using System.Text;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Checks a configuration as a whole: unique names, known targets, and limits. Needs no machine.</summary>
internal static class SystemCheck
{
    private static readonly string _core = Encoding.ASCII.GetString(CoreName.Text);

    public static void Check(SystemDescription system, SourcePosition position, Diagnostics diagnostics)
    {
        // core's children and vcores share one set of names: both stand first in a path.
        IEnumerable<(string, SourcePosition)> top = system
            .Children.Select(child => (child.Name, child.Position))
            .Concat(system.Vcores.Select(vcore => (vcore.Name, vcore.Position)));
        Unique(top, "a child or vcore", diagnostics);
        Siblings(system.Children, [], diagnostics);
        foreach (VcoreDescription vcore in system.Vcores)
        {
            if (vcore.Name == _core)
            {
                const string reason = "a vcore cannot be called \"core\": its lines would be core's";
                diagnostics.Error(vcore.Position, DiagnosticCode.NameTaken, reason);
            }
            Unique(vcore.Children.Select(child => (child.Name, child.Position)), "a child of this vcore", diagnostics);
            Siblings(vcore.Children, vcore.Routes, diagnostics);
        }
        Channels(system, diagnostics);
        Limits(system, position, diagnostics);
        // A value that was refused may have been the word, or the list with the child, a range's start, a route's target.
        bool isWhole = diagnostics.Entries.All(entry => entry.Code != DiagnosticCode.WrongValue);
        if (isWhole)
        {
            RangeClaims.Check(system.Vcores, diagnostics);
            UnreadRoutes.Check(system, diagnostics);
        }
        if (isWhole && !system.AllChildren.Any(placed => placed.Child.Essential))
        {
            diagnostics.Error(
                position,
                DiagnosticCode.NothingEssential,
                "no child is \"essential\": a system ends when its essential children have exited, so this one would "
                    + "end at once, and call that a success"
            );
        }
    }

    private static void Unique(
        IEnumerable<(string Name, SourcePosition Position)> named,
        string what,
        Diagnostics diagnostics
    )
    {
        var seen = new HashSet<string>();
        foreach ((string name, SourcePosition position) in named)
        {
            if (name.Length != 0 && !seen.Add(name))
            {
                diagnostics.Error(position, DiagnosticCode.NameTaken, $"{what} is called \"{name}\" already");
            }
        }
    }

    /// <summary>Routes among the children of one parent.</summary>
    private static void Siblings(
        IReadOnlyList<ChildDescription> children,
        IReadOnlyList<RouteDescription> defaults,
        Diagnostics diagnostics
    )
    {
        foreach (RouteDescription route in defaults)
        {
            Route(route, null, children, diagnostics);
        }
        foreach (ChildDescription child in children)
        {
            foreach (RouteDescription route in child.Routes)
            {
                Route(route, child, children, diagnostics);
            }
        }
    }

    private static void Route(
        RouteDescription route,
        ChildDescription? client,
        IReadOnlyList<ChildDescription> children,
        Diagnostics diagnostics
    )
    {
        if (route.Target != RouteTarget.Child)
        {
            return;
        }
        ChildDescription? server = children.FirstOrDefault(child => child.Name == route.TargetChild);
        if (server is null)
        {
            IEnumerable<string> names = children.Where(child => child != client).Select(child => child.Name);
            diagnostics.Error(
                route.Position,
                DiagnosticCode.NoSuchChild,
                $"there is no child \"{route.TargetChild}\" beside this one{NearestName.Hint(route.TargetChild, names)}"
            );
        }
        else if (server == client)
        {
            diagnostics.Error(route.Position, DiagnosticCode.BadRoute, $"\"{client.Name}\" cannot be its own server");
        }
        else if (route.Service.Length != 0 && !server.Services.Contains(route.Service))
        {
            diagnostics.Error(
                route.Position,
                DiagnosticCode.BadRoute,
                $"\"{server.Name}\" does not provide \"{route.Service}\"{NearestName.Hint(route.Service, server.Services)}"
            );
        }
    }

    private static void Channels(SystemDescription system, Diagnostics diagnostics)
    {
        Unique(system.Channels.Select(channel => (channel.Name, channel.Position)), "a channel", diagnostics);
        HashSet<string> paths = [.. system.AllChildren.Select(placed => placed.Path)];
        foreach (ChannelDescription channel in system.Channels.Where(channel => channel.First.Length != 0))
        {
            foreach (string end in new[] { channel.First, channel.Second }.Where(end => !paths.Contains(end)))
            {
                diagnostics.Error(
                    channel.Position,
                    DiagnosticCode.NoSuchChild,
                    $"there is no child \"{end}\"; a path is \"child\" or \"vcore/child\"{NearestName.Hint(end, paths)}"
                );
            }
            foreach (PlacedChild placed in system.AllChildren.Where(placed => IsRestarted(placed, channel)))
            {
                diagnostics.Warning(
                    channel.Position,
                    DiagnosticCode.ChannelNotReopened,
                    $"\"{placed.Path}\" is started again after its end, and then gets no session of this channel: an "
                        + "end that was closed stays closed"
                );
            }
            if (channel.First == channel.Second)
            {
                diagnostics.Error(
                    channel.Position,
                    DiagnosticCode.BadChannel,
                    "a channel needs two different children"
                );
            }
        }
    }

    private static bool IsRestarted(PlacedChild placed, ChannelDescription channel) =>
        placed.Child.Restarts != 0 && (placed.Path == channel.First || placed.Path == channel.Second);

    private static void Limits(SystemDescription system, SourcePosition position, Diagnostics diagnostics)
    {
        IReadOnlyList<PlacedChild> children = system.AllChildren;
        Limit(system.Vcores.Count, ConfigurationLimits.Vcores, "vcores");
        Limit(children.Count, ConfigurationLimits.Children, "children");
        Limit(system.Channels.Count, ConfigurationLimits.Channels, "channels");
        Limit(system.Vcores.Sum(vcore => vcore.CpuIdentifiers.Count), ConfigurationLimits.Identifiers, "CPU numbers");
        Limit(system.Vcores.Sum(vcore => vcore.Memory.Count), ConfigurationLimits.MemoryRanges, "memory entries");
        Limit(children.Sum(placed => placed.Child.Services.Count), ConfigurationLimits.Services, "services");
        int routes = children.Sum(placed => placed.Child.Routes.Count) + system.Vcores.Sum(vcore => vcore.Routes.Count);
        Limit(routes, ConfigurationLimits.Routes, "routes");

        void Limit(int count, int limit, string what)
        {
            if (count > limit)
            {
                diagnostics.Error(position, DiagnosticCode.TooMany, $"{count} {what} are more than {limit}");
            }
        }
    }
}
