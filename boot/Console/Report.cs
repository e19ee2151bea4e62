using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Clusters;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Console;

/// <summary>Prints the discovered machine and the kernel instances, for people and for programs (docs/serial-lines.md).</summary>
public static class Report<TConsole>
    where TConsole : struct, IConsole
{
    public static void Write(
        ref MachineTopology machine,
        ref ClusterTable clusters,
        ref OwnedMemory shares,
        InstanceInputs inputs,
        ClusterMode mode,
        ref WarningList warnings
    )
    {
        Span<Cluster> items = clusters.Items;
        for (uint i = 0; i < items.Length; i++)
        {
            Text<TConsole>.Write("@cluster"u8);
            Text<TConsole>.Field("id"u8, i);
            Text<TConsole>.Field("node"u8, items[(int)i].Node);
            Text<TConsole>.Field("memory-node"u8, items[(int)i].MemoryNode);
            Text<TConsole>.Field("cpus"u8, items[(int)i].CpuCount);
            Text<TConsole>.FieldHex("kernel"u8, items[(int)i].KernelImage.Base);
            Text<TConsole>.Field("owned"u8, items[(int)i].OwnedBytes);
            Text<TConsole>.Line();
        }
    }
}
