using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Memory that a vcore claims: start and size in bytes; the node or the start where the selection has one.</summary>
public sealed record MemoryDescription(
    MemorySelection Selection,
    uint Node,
    ulong Start,
    ulong Size,
    SourcePosition Position
);
