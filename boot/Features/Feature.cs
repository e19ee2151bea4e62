using System;
using Skerry.Abi.Boot;

namespace Skerry.Boot.Features;

/// <summary>A feature by its usual name, the bits of CPUID that tell it, and what the images want of it.</summary>
public readonly ref struct Feature
{
    public Feature(ReadOnlySpan<byte> name, FeatureWord word, uint mask, FeatureUse use)
    {
        Name = name;
        Word = word;
        Mask = mask;
        Use = use;
    }

    public ReadOnlySpan<byte> Name { get; }
    public FeatureWord Word { get; }

    /// <summary>All of them have to be set.</summary>
    public uint Mask { get; }
    public FeatureUse Use { get; }
}
