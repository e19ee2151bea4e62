using System.Runtime.CompilerServices;
using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>The values of all <see cref="CpuCounter"/>s of one CPU, since boot.</summary>
public struct CpuCounters
{
    private Values _values;

    public readonly ulong this[CpuCounter counter] => _values[(int)counter];

    /// <summary>What was counted since an earlier reading.</summary>
    public readonly CpuCounters Since(in CpuCounters earlier)
    {
        CpuCounters difference = default;
        for (int i = 0; i < (int)CpuCounter.Count; i++)
        {
            difference._values[i] = _values[i] - earlier._values[i];
        }
        return difference;
    }

    internal void Store(int index, ulong value)
    {
        if (index < (int)CpuCounter.Count)
        {
            _values[index] = value;
        }
    }

    [InlineArray((int)CpuCounter.Count)]
    private struct Values
    {
        private ulong _value;
    }
}
