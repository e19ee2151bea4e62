using System;
using Skerry.Abi.Boot;
using Skerry.Base.Configuration;
using Skerry.Base.Text;

namespace Skerry.Core.Placement;

/// <summary>
/// Whose the memory is that a vcore's configuration names: by the machine's description, so that the root and each instance
/// come to the same answer. What no instance takes would be missed by nobody.
/// </summary>
/// <param name="configuration">The system's.</param>
/// <param name="cpus">The machine's, in ascending order of number.</param>
/// <param name="clusters">The machine's.</param>
/// <param name="ranges">The machine's memory.</param>
public readonly ref struct VcoreMemory(
    SystemConfiguration configuration,
    ReadOnlySpan<MachineCpu> cpus,
    ReadOnlySpan<MachineCluster> clusters,
    ReadOnlySpan<MachineMemoryRange> ranges
)
{
    private readonly SystemConfiguration _configuration = configuration;
    private readonly ReadOnlySpan<MachineCpu> _cpus = cpus;
    private readonly ReadOnlySpan<MachineCluster> _clusters = clusters;
    private readonly ReadOnlySpan<MachineMemoryRange> _ranges = ranges;

    /// <summary>Bytes that the instance in a cluster is to claim.</summary>
    public ulong BytesOf(in VcoreRecord vcore, uint cluster)
    {
        ulong bytes = 0;
        for (uint i = vcore.Memory.First; i < vcore.Memory.First + vcore.Memory.Count; i++)
        {
            MemoryRecord memory = _configuration.Memory(i);
            bytes += memory.Selection switch
            {
                MemorySelection.Node => _clusters[(int)cluster].MemoryNode == memory.Node ? memory.Size : 0,
                MemorySelection.Range => Within(in memory, cluster),
                _ => memory.Size,
            };
        }
        return bytes;
    }

    /// <returns>False if some is no instance's; the text then says which.</returns>
    public bool IsAllTaken(ref TextBuilder reason)
    {
        for (uint i = 0; i < _configuration.VcoreCount; i++)
        {
            VcoreRecord vcore = _configuration.Vcore(i);
            for (uint m = vcore.Memory.First; m < vcore.Memory.First + vcore.Memory.Count; m++)
            {
                MemoryRecord memory = _configuration.Memory(m);
                ulong left = memory.Selection switch
                {
                    MemorySelection.Node => IsOfInstance(in vcore, memory.Node) ? 0 : memory.Size,
                    MemorySelection.Range => memory.Size - Taken(in vcore, in memory),
                    _ => 0,
                };
                if (left != 0)
                {
                    reason.Append("vcore "u8).Append(_configuration.Text(vcore.Name)).Append(": "u8).AppendSize(left);
                    Append(ref reason, in memory);
                    reason.Append(" are of no cluster where it has CPUs"u8);
                    return false;
                }
            }
        }
        return true;
    }

    private static void Append(ref TextBuilder text, in MemoryRecord memory)
    {
        if (memory.Selection == MemorySelection.Node)
        {
            text.Append(" of node "u8).AppendDecimal(memory.Node);
        }
        else
        {
            text.Append(" from "u8).AppendHex(memory.Start).Append(" on"u8);
        }
    }

    private bool IsOfInstance(in VcoreRecord vcore, uint node)
    {
        for (uint i = 0; i < _clusters.Length; i++)
        {
            if (_clusters[(int)i].MemoryNode == node && HasInstance(in vcore, i))
            {
                return true;
            }
        }
        return false;
    }

    private bool HasInstance(in VcoreRecord vcore, uint cluster) =>
        VcorePlacement.Of(_configuration, in vcore, _cpus, cluster).CpuCount != 0;

    /// <summary>Bytes of a range that instances own.</summary>
    private ulong Taken(in VcoreRecord vcore, in MemoryRecord memory)
    {
        ulong bytes = 0;
        for (int i = 0; i < _ranges.Length; i++)
        {
            ulong common = Common(in memory, _ranges[i].Range);
            bool taken = common != 0 && _ranges[i].Cluster < _clusters.Length;
            bytes += taken && HasInstance(in vcore, _ranges[i].Cluster) ? common : 0;
        }
        return bytes;
    }

    private ulong Within(in MemoryRecord memory, uint cluster)
    {
        ulong bytes = 0;
        for (int i = 0; i < _ranges.Length; i++)
        {
            bytes += _ranges[i].Cluster == cluster ? Common(in memory, _ranges[i].Range) : 0;
        }
        return bytes;
    }

    private static ulong Common(in MemoryRecord memory, PhysicalRange range)
    {
        ulong start = memory.Start > range.Base ? memory.Start : range.Base;
        ulong memoryEnd = memory.Start + memory.Size;
        ulong rangeEnd = range.Base + range.Length;
        ulong end = memoryEnd < rangeEnd ? memoryEnd : rangeEnd;
        return start < end ? end - start : 0;
    }
}
