using System;
using System.Runtime.CompilerServices;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Clusters;

/// <summary>Numbers the sets of CPUs that share a cache, from 0 in the order in which they are met.</summary>
public struct CacheGroups
{
    private Keys _keys;
    private int _count;

    /// <summary>CPUs that report different widths for what may be one cache are in different groups.</summary>
    public uint GroupOf(uint apicId, byte shift)
    {
        Span<uint> keys = _keys;
        uint key = (uint)shift << 16 | (shift < 32 ? apicId >> shift : 0);
        for (int i = 0; i < _count; i++)
        {
            if (keys[i] == key)
            {
                return (uint)i;
            }
        }
        keys[_count] = key;
        return (uint)_count++;
    }

    [InlineArray(MachineTopology.MaximumCpus)]
    private struct Keys
    {
        private uint _key;
    }
}
