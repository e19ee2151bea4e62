using System;
using Skerry.Base.Configuration;
using Skerry.Base.Memory;

namespace Skerry.Base.Servers.Components;

/// <summary>Which child to make, and out of what.</summary>
public unsafe ref struct ChildRequest
{
    /// <summary>The child of before, which awaits its start; null for one that is started the first time.</summary>
    public Child* Again;
    public ChildRecord Record;

    /// <summary>Its number among the configuration's children.</summary>
    public uint ConfigurationIndex;
    public ReadOnlySpan<byte> Name;

    /// <summary>What stands before its log lines.</summary>
    public ReadOnlySpan<byte> Label;
    public ReadOnlySpan<byte> Arguments;
    public Resources Quota;

    /// <summary>Its CPUs: the first, by index among the server's, and how many.</summary>
    public uint FirstCpu;
    public uint CpuCount;

    /// <summary>log2 of the slots of its table, and the first that it may use itself; 0 for what components get.</summary>
    public int TableBits;
    public uint FirstFreeSlot;

    /// <summary>It serves what its parent does: it may claim untyped memory, and have its parent resolve faults.</summary>
    public bool IsServer;

    /// <summary>Sessions that it may have at a time; 0 for what components get.</summary>
    public uint SessionPlaces;
}
