using Skerry.Abi.Boot;

namespace Skerry.Boot.Acpi;

/// <summary>What the MADT says: the CPUs that may be started, and where the interrupt controllers lie.</summary>
public struct CpuTable
{
    /// <summary>xAPIC: ids of 8 bits, of which 255 is all CPUs (Intel SDM vol. 3A, 11.6.2.1).</summary>
    private const uint LargestNarrowId = 254;

    /// <summary>x2APIC: ids of 32 bits, of which the largest is all CPUs (Intel SDM vol. 3A, 11.12.9).</summary>
    private const uint LargestWideId = uint.MaxValue - 1;

    private const uint Expected = 1;
    private const uint NotExpected = 0;

    /// <summary>Whether each one is expected to run.</summary>
    private ApicIdMap _cpus;

    /// <summary>Physical address; 0 if no table named it.</summary>
    public ulong LocalApic;

    public InterruptSources Interrupts;

    /// <summary>The CPUs run in x2APIC mode.</summary>
    public bool HasWideIds;

    /// <summary>CPUs that are expected to run.</summary>
    public int Count { get; private set; }

    /// <summary>CPUs that there was no room for.</summary>
    public int LeftOut { get; private set; }

    public readonly uint LargestApicId => HasWideIds ? LargestWideId : LargestNarrowId;

    /// <summary>How many indices there are: those of CPUs that were removed stay.</summary>
    public readonly int Length => _cpus.Count;

    /// <summary>The APIC id of the CPU with this index.</summary>
    public readonly uint IdAt(int index) => _cpus.IdAt(index);

    /// <summary>The index of an APIC id, in ascending order; or -1.</summary>
    public readonly int IndexOf(uint apicId) => _cpus.Find(apicId);

    public readonly bool Contains(uint apicId)
    {
        int index = _cpus.Find(apicId);
        return index >= 0 && _cpus.ValueAt(index) == Expected;
    }

    /// <summary>Keeps a place for a CPU that must have one, whatever the table says.</summary>
    public void Reserve(uint apicId) => _cpus.Set(apicId, NotExpected);

    public void Add(uint apicId)
    {
        if (Contains(apicId))
        {
            return;
        }
        if (_cpus.Set(apicId, Expected))
        {
            Count++;
        }
        else
        {
            LeftOut++;
        }
    }

    public void Remove(uint apicId)
    {
        if (Contains(apicId))
        {
            _cpus.SetValueAt(_cpus.Find(apicId), NotExpected);
            Count--;
        }
    }
}
