using System.Collections.Generic;
using Skerry.Abi;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>A capability as the double of the kernel has it, with what was derived from it.</summary>
internal sealed class HeldCapability
{
    public required ObjectType Type { get; init; }

    public ulong Badge { get; init; }

    /// <summary>Of the object, which all copies designate; that of a table also names its slots.</summary>
    public required int Object { get; init; }

    public HeldCapability? Parent { get; set; }

    public List<HeldCapability> Derived { get; } = [];

    /// <summary>Where it lies.</summary>
    public (int Table, uint Slot) Place { get; set; }

    /// <summary>Of untyped memory: its bytes, and those that something was made of.</summary>
    public ulong Bytes { get; init; }

    public ulong Taken { get; set; }
}
