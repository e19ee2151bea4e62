using System;
using Skerry.Base.Configuration;
using Skerry.Base.Text;
using Skerry.Core.Placement;
using Skerry.Core.Printing;

namespace Skerry.Core;

/// <summary>What was to run where: the servers of each cluster and their children, by the configuration and the machine.</summary>
internal static class Residents
{
    private const int MaximumLine = 512;

    /// <summary>One line for each cluster that runs more than core.</summary>
    public static void Print(SystemConfiguration configuration, uint clusters)
    {
        Span<byte> buffer = stackalloc byte[MaximumLine];
        for (uint cluster = 0; cluster < clusters; cluster++)
        {
            var text = new TextBuilder(buffer);
            text.Append("cluster "u8).AppendDecimal(cluster).Append(", as configured: core"u8);
            uint children = AppendCoreChildren(ref text, configuration, cluster);
            text.Append(children == 0 ? ""u8 : ")"u8);
            uint vcores = 0;
            for (uint i = 0; i < configuration.VcoreCount; i++)
            {
                vcores += AppendVcore(ref text, configuration, i, cluster) ? 1u : 0;
            }
            text.AppendLine();
            if (children + vcores != 0)
            {
                Console.Write(text.Text);
            }
        }
    }

    private static uint AppendCoreChildren(ref TextBuilder text, SystemConfiguration configuration, uint cluster)
    {
        uint count = 0;
        RecordRange range = configuration.CoreChildren;
        ClusterNumbers numbers = ClusterNumbers.Of(Core.Cpus);
        for (uint i = range.First; i < range.First + range.Count; i++)
        {
            ChildRecord child = configuration.Child(i);
            if (numbers.IsIn(in child, cluster))
            {
                AppendName(ref text, configuration, child, ref count);
            }
        }
        return count;
    }

    /// <returns>False if the vcore has no instance in the cluster.</returns>
    private static bool AppendVcore(ref TextBuilder text, SystemConfiguration configuration, uint index, uint cluster)
    {
        VcoreRecord record = configuration.Vcore(index);
        VcorePlacement place = VcorePlacement.Of(configuration, in record, Core.Cpus, cluster);
        if (place.CpuCount == 0)
        {
            return false;
        }
        text.Append(", vcore "u8).Append(configuration.Text(record.Name));
        uint count = 0;
        for (uint i = record.Children.First; i < record.Children.First + record.Children.Count; i++)
        {
            ChildRecord child = configuration.Child(i);
            if (place.Holds(child.AffinityX))
            {
                AppendName(ref text, configuration, child, ref count);
            }
        }
        text.Append(count == 0 ? ""u8 : ")"u8);
        return true;
    }

    private static void AppendName(
        ref TextBuilder text,
        SystemConfiguration configuration,
        in ChildRecord child,
        ref uint count
    )
    {
        text.Append(count == 0 ? " ("u8 : ", "u8).Append(configuration.Text(child.Name));
        count++;
    }
}
