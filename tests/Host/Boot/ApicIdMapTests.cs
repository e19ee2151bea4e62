using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Boot.Acpi;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class ApicIdMapTests
{
    private const int Seed = 288;

    /// <summary>Ids far apart, in any order, some of them again.</summary>
    [Fact]
    public void IsASortedDictionary()
    {
        var random = new Random(Seed);
        var map = new ApicIdMap();
        var model = new SortedDictionary<uint, uint>();
        for (int i = 0; i < 5000; i++)
        {
            uint id = (uint)random.NextInt64(1L << random.Next(1, 33));
            uint value = (uint)random.Next();
            bool hasRoom = model.ContainsKey(id) || model.Count < ApicIdMap.Capacity;
            Assert.Equal(hasRoom, map.Set(id, value));
            if (hasRoom)
            {
                model[id] = value;
            }
        }
        Assert.Equal(ApicIdMap.Capacity, map.Count);
        int index = 0;
        foreach ((uint id, uint value) in model)
        {
            Assert.Equal((id, value, index), (map.IdAt(index), map.ValueAt(index), map.Find(id)));
            index++;
        }
        uint absent = Enumerable.Range(0, int.MaxValue).Select(i => (uint)i).First(id => !model.ContainsKey(id));
        Assert.Equal(-1, map.Find(absent));
    }

    [Fact]
    public void TheIndexOfACpuStaysWhenItIsRemoved()
    {
        var cpus = new CpuTable { HasWideIds = true };
        uint[] ids = [0, 300, 0x1_0000, uint.MaxValue - 1];
        foreach (uint id in ids.Reverse())
        {
            cpus.Add(id);
        }
        cpus.Remove(300);
        Assert.Equal([0, 1, 2, 3], ids.Select(id => cpus.IndexOf(id)));
        Assert.Equal([true, false, true, true], ids.Select(id => cpus.Contains(id)));
        Assert.Equal((3, 4), (cpus.Count, cpus.Length));
    }
}
