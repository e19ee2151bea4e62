using System;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Console;

/// <summary>Lists of CPUs that have something in common, as "0-3,8,9".</summary>
public static class CpuNumbers<TConsole>
    where TConsole : struct, IConsole
{
    public static void Write(ReadOnlySpan<Cpu> cpus, CpuProperty property, uint value)
    {
        bool isFirst = true;
        for (int i = 0; i < cpus.Length; i++)
        {
            if (ValueOf(cpus[i], property) != value)
            {
                continue;
            }
            int last = i;
            while (last + 1 < cpus.Length && ValueOf(cpus[last + 1], property) == value)
            {
                last++;
            }
            Text<TConsole>.Write(isFirst ? ""u8 : ","u8);
            Text<TConsole>.Write((ulong)i);
            if (last > i)
            {
                Text<TConsole>.Write("-"u8);
                Text<TConsole>.Write((ulong)last);
            }
            isFirst = false;
            i = last;
        }
    }

    /// <summary>One more than the largest value.</summary>
    public static uint CountOf(ReadOnlySpan<Cpu> cpus, CpuProperty property)
    {
        uint count = 0;
        for (int i = 0; i < cpus.Length; i++)
        {
            uint value = ValueOf(cpus[i], property);
            count = value >= count ? value + 1 : count;
        }
        return count;
    }

    private static uint ValueOf(Cpu cpu, CpuProperty property) =>
        property switch
        {
            CpuProperty.Node => cpu.Node,
            CpuProperty.Cluster => cpu.Cluster,
            CpuProperty.L2Group => cpu.L2Group,
            _ => cpu.L3Group,
        };
}

/// <summary>What CPUs can have in common.</summary>
public enum CpuProperty : byte
{
    Node,
    Cluster,
    L2Group,
    L3Group,
}
