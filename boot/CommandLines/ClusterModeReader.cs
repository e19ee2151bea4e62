using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.CommandLines;

/// <summary>cluster=l2|cpu|node|machine on the command line; without it, or with another value, l2.</summary>
public static class ClusterModeReader
{
    public static ReadOnlySpan<byte> Word => "cluster="u8;

    public static ReadOnlySpan<byte> Known => "l2, cpu, node, machine"u8;

    public static ClusterMode Read(ReadOnlySpan<byte> commandLine, ref WarningList warnings)
    {
        if (!CommandLine.Find(commandLine, Word, out ReadOnlySpan<byte> value, out int at))
        {
            return ClusterMode.L2;
        }
        if (value.SequenceEqual("cpu"u8))
        {
            return ClusterMode.Cpu;
        }
        if (value.SequenceEqual("node"u8))
        {
            return ClusterMode.Node;
        }
        if (value.SequenceEqual("machine"u8))
        {
            return ClusterMode.Machine;
        }
        if (!value.SequenceEqual("l2"u8))
        {
            warnings.Add(WarningSource.CommandLine, WarningReason.BadValue, (ulong)at);
        }
        return ClusterMode.L2;
    }

    public static ReadOnlySpan<byte> Name(ClusterMode mode) =>
        mode switch
        {
            ClusterMode.Cpu => "cpu"u8,
            ClusterMode.Node => "node"u8,
            ClusterMode.Machine => "machine"u8,
            _ => "l2"u8,
        };
}
