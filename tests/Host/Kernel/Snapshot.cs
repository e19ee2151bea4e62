using System;
using Skerry.Tests.Host.Kernel.Fakes;

namespace Skerry.Tests.Host.Kernel;

/// <summary>All memory but what every system call changes: the CPUs' blocks and the operators' registers and time.</summary>
internal static class Snapshot
{
    public static byte[] Take()
    {
        byte[] copy = HostMemory.Copy();
        copy.AsSpan(World.CpusOffset, World.CpusBytes).Clear();
        copy.AsSpan(World.OperatorsOffset, World.OperatorsBytes).Clear();
        return copy;
    }

    /// <summary>Physical address of the first byte that differs; null for none.</summary>
    public static ulong? FirstDifference(byte[] before, byte[] after)
    {
        int same = before.AsSpan().CommonPrefixLength(after);
        return same == before.Length ? null : HostMemory.Base + (ulong)same;
    }
}
