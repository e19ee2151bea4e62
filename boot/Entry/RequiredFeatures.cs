using System.Collections.Generic;
using System.Numerics;
using System.Text;
using Skerry.Abi.Boot;
using Skerry.Boot.Features;

namespace Skerry.Boot.Entry;

/// <summary>What the images use unasked and every processor names before 64-bit mode: the first thing that is looked at.</summary>
internal static class RequiredFeatures
{
    public static IReadOnlyList<RequiredFeature> All { get; } = Read();

    private static List<RequiredFeature> Read()
    {
        var all = new List<RequiredFeature>();
        for (int i = 0; i < FeatureList.Count; i++)
        {
            Feature feature = FeatureList.At(i);
            if (feature.Use == FeatureUse.Required)
            {
                string name = Encoding.ASCII.GetString(feature.Name);
                all.Add(new RequiredFeature(name, feature.Word, BitOperations.TrailingZeroCount(feature.Mask)));
            }
        }
        return all;
    }
}

/// <summary>A feature by its usual name, and the bit of CPUID that tells it.</summary>
internal sealed record RequiredFeature(string Name, FeatureWord Word, int Bit);
