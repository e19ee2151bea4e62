using System.Runtime.CompilerServices;
using Skerry.Boot.Topology;

namespace Skerry.Boot.Acpi;

/// <summary>
/// Something of each CPU by its APIC id, in ascending order of the ids, which have 32 bits and may lie far apart. Once
/// all CPUs are in, a CPU's index is the same as long as bootstrap runs.
/// </summary>
public struct ApicIdMap
{
    public const int Capacity = MachineTopology.MaximumCpus;

    private Words _ids;
    private Words _values;

    public int Count { get; private set; }

    public readonly uint IdAt(int index) => _ids[index];

    public readonly uint ValueAt(int index) => _values[index];

    public void SetValueAt(int index, uint value) => _values[index] = value;

    /// <summary>The index of an id, or -1.</summary>
    public readonly int Find(uint apicId)
    {
        int place = PlaceOf(apicId);
        return place < Count && _ids[place] == apicId ? place : -1;
    }

    /// <summary>Puts a value in the place of an id, which may be there already.</summary>
    /// <returns>False: there is no room for the id.</returns>
    public bool Set(uint apicId, uint value)
    {
        int place = PlaceOf(apicId);
        if (place == Count || _ids[place] != apicId)
        {
            if (Count == Capacity)
            {
                return false;
            }
            for (int i = Count++; i > place; i--)
            {
                _ids[i] = _ids[i - 1];
                _values[i] = _values[i - 1];
            }
            _ids[place] = apicId;
        }
        _values[place] = value;
        return true;
    }

    /// <summary>The first place whose id is not smaller.</summary>
    private readonly int PlaceOf(uint apicId)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ids[middle] < apicId)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }

    [InlineArray(Capacity)]
    private struct Words
    {
        private uint _word;
    }
}
