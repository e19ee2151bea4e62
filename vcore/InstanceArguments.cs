using System;
using Skerry.Base.Text;

namespace Skerry.VCore;

/// <summary>
/// What core puts into the arguments of each instance of a vcore, as words name=number. A vcore with CPUs of several
/// clusters has one instance in each; its CPUs count through all of them, by ascending number in the machine.
/// </summary>
internal readonly struct InstanceArguments
{
    private InstanceArguments(uint index, uint firstCpu, uint affinityBase, uint affinityTotal, ulong memory)
    {
        Index = index;
        FirstCpu = firstCpu;
        AffinityBase = affinityBase;
        AffinityTotal = affinityTotal;
        Memory = memory;
    }

    /// <summary>The vcore's number in the configuration.</summary>
    public uint Index { get; }

    /// <summary>The first of its CPUs here, by index in the cluster.</summary>
    public uint FirstCpu { get; }

    /// <summary>How many of the vcore's CPUs come before this instance's.</summary>
    public uint AffinityBase { get; }

    /// <summary>All of the vcore's CPUs, in all its instances.</summary>
    public uint AffinityTotal { get; }

    /// <summary>Bytes that this instance is to claim of the memory that the configuration names.</summary>
    public ulong Memory { get; }

    public static InstanceArguments Read(ReadOnlySpan<byte> arguments) =>
        new(
            Number(arguments, "vcore="u8),
            Number(arguments, "first-cpu="u8),
            Number(arguments, "affinity-base="u8),
            Number(arguments, "affinity-total="u8),
            CommandWords.Number(arguments, "memory="u8, 0)
        );

    /// <summary>Where in this instance a child's place in the whole vcore is; false if it lies in another instance.</summary>
    public bool TryPlace(uint affinityX, uint cpusHere, out uint cpu)
    {
        uint last = AffinityTotal == 0 ? 0 : AffinityTotal - 1;
        uint x = affinityX < last ? affinityX : last;
        cpu = x - AffinityBase;
        return x >= AffinityBase && cpu < cpusHere;
    }

    private static uint Number(ReadOnlySpan<byte> arguments, ReadOnlySpan<byte> name) =>
        (uint)CommandWords.Number(arguments, name, 0);
}
