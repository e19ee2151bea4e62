using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;

namespace Skerry.Boot.Acpi;

/// <summary>What the MADT says: the CPUs that may be started, and where the interrupt controllers lie.</summary>
public struct CpuTable
{
    /// <summary>xAPIC: ids of 8 bits, of which 255 is the broadcast.</summary>
    public const int Capacity = 256;
    public const uint LargestApicId = 254;

    private Present _present;

    /// <summary>Physical address; 0 if no table named it.</summary>
    public ulong LocalApic;

    public InterruptSources Interrupts;

    public int Count { get; private set; }

    [UnscopedRef]
    private Span<bool> Ids => _present;

    public bool Contains(uint apicId) => apicId < Capacity && Ids[(int)apicId];

    public void Add(uint apicId)
    {
        if (!Ids[(int)apicId])
        {
            Ids[(int)apicId] = true;
            Count++;
        }
    }

    public void Remove(uint apicId)
    {
        if (Ids[(int)apicId])
        {
            Ids[(int)apicId] = false;
            Count--;
        }
    }

    [InlineArray(Capacity)]
    private struct Present
    {
        private bool _present;
    }
}
