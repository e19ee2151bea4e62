using System;
using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;

namespace Skerry.Boot.Machine;

/// <summary>
/// MTRRs. Firmware sets those of the boot CPU; the others may come with what reset left, which says that all memory is
/// uncached. So every CPU gets the boot CPU's (Intel SDM vol. 3A, 12.11.8).
/// </summary>
internal static class MemoryTypeRanges
{
    /// <summary>CPUID.1:EDX.</summary>
    private const uint Mtrr = 1u << 12;

    /// <summary>In IA32_MTRR_DEF_TYPE.</summary>
    private const ulong Enabled = 1 << 11;

    /// <summary>The boot CPU's, written before the others are started.</summary>
    private static Values bootCpus;

    /// <summary>If the boot CPU has none, those of others stay as they are: there is nothing to give them.</summary>
    private static bool Exist => (Processors.Features[(int)FeatureWord.BasicEdx] & Mtrr) != 0;

    /// <summary>On the boot CPU.</summary>
    public static void Save()
    {
        if (!Exist)
        {
            return;
        }
        ulong capabilities = Processor.ReadMsr(MemoryTypeRegisters.Capabilities);
        Span<ulong> values = bootCpus;
        for (uint i = 0; i < MemoryTypeRegisters.Count(capabilities); i++)
        {
            values[(int)i] = Processor.ReadMsr(MemoryTypeRegisters.At(capabilities, i));
        }
    }

    /// <summary>On each of the others. Nothing is cached while the types change.</summary>
    public static void Load()
    {
        if (!Exist)
        {
            return;
        }
        ulong capabilities = Processor.ReadMsr(MemoryTypeRegisters.Capabilities);
        Span<ulong> values = bootCpus;
        Processor.StopCaching();
        Processor.WriteMsr(MemoryTypeRegisters.Default, values[0] & ~Enabled);
        for (uint i = 1; i < MemoryTypeRegisters.Count(capabilities); i++)
        {
            Processor.WriteMsr(MemoryTypeRegisters.At(capabilities, i), values[(int)i]);
        }
        Processor.WriteMsr(MemoryTypeRegisters.Default, values[0]);
        Processor.StartCaching();
    }

    [InlineArray((int)MemoryTypeRegisters.MaximumCount)]
    private struct Values
    {
        private ulong _value;
    }
}
