using System;
using System.Runtime.CompilerServices;

namespace Skerry.Boot.Clusters;

/// <summary>
/// Numbers the sets of CPUs that share a cache, from 0 in the order in which they are met. CPUs come in ascending order of
/// APIC id, so that of each width only the set that was met last can have further members.
/// </summary>
public struct CacheGroups
{
    /// <summary>Of a width: as many as an APIC id has bits, and more.</summary>
    private const int MaximumShift = 32;

    private Latest _latest;
    private uint _count;

    /// <summary>CPUs that report different widths for what may be one cache are in different groups.</summary>
    public uint GroupOf(uint apicId, byte shift)
    {
        Span<Group> latest = _latest;
        ref Group group = ref latest[shift < MaximumShift ? shift : MaximumShift];
        uint key = shift < MaximumShift ? apicId >> shift : 0;
        if (!group.IsThere || group.Key != key)
        {
            group = new Group
            {
                IsThere = true,
                Key = key,
                Number = _count++,
            };
        }
        return group.Number;
    }

    private struct Group
    {
        public bool IsThere;
        public uint Key;
        public uint Number;
    }

    [InlineArray(MaximumShift + 1)]
    private struct Latest
    {
        private Group _group;
    }
}
