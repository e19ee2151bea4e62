using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>A channel between two children, which are named by their paths.</summary>
public sealed record ChannelDescription(string Name, string First, string Second, uint Slots, SourcePosition Position);
