using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Where sessions of a service go.</summary>
/// <param name="Service">Empty for every service.</param>
/// <param name="TargetChild">Name of a child of the same parent; empty if the parent serves.</param>
public sealed record RouteDescription(
    string Service,
    LabelMatch LabelMatch,
    string Label,
    RouteTarget Target,
    string TargetChild,
    SourcePosition Position
);
