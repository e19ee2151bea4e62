using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>A system of components as a configuration file describes it.</summary>
public sealed class SystemDescription
{
    public required string File { get; init; }

    /// <summary>0 for none.</summary>
    public required uint TimeoutSeconds { get; init; }

    public required bool Verbose { get; init; }

    /// <summary>Children that core starts itself.</summary>
    public required IReadOnlyList<ChildDescription> Children { get; init; }

    public required IReadOnlyList<VcoreDescription> Vcores { get; init; }

    public required IReadOnlyList<ChannelDescription> Channels { get; init; }

    /// <summary>What the reader remarked.</summary>
    public IReadOnlyList<Diagnostic> Warnings { get; init; } = [];

    /// <summary>Every child with its path, in the order of the compiled table: core's, then each vcore's.</summary>
    public IReadOnlyList<PlacedChild> AllChildren =>
        [
            .. Children.Select(child => new PlacedChild(child.Name, child, null)),
            .. Vcores.SelectMany(vcore =>
                vcore.Children.Select(child => new PlacedChild($"{vcore.Name}/{child.Name}", child, vcore))
            ),
        ];

    /// <summary>Whether both ends of a channel run on one CPU; false if that cannot be told without the machine.</summary>
    public bool IsOnOneCpu(ChannelDescription channel)
    {
        PlacedChild first = AllChildren.First(placed => placed.Path == channel.First);
        PlacedChild second = AllChildren.First(placed => placed.Path == channel.Second);
        return first.Vcore == second.Vcore
            && first.Child.Cluster == second.Child.Cluster
            && first.Child.AffinityX == second.Child.AffinityX;
    }
}
