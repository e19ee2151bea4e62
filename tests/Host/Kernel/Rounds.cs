using System;
using System.Collections.Generic;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Skerry.Tests.Host.Kernel;

/// <summary>How long the properties are tried; SKERRY_SOAK, which is 0 for the share of every run, repeats them.</summary>
internal static class Rounds
{
    private const int TimesInSoak = 10;

    /// <summary>Sequences of numbers that choose a model's steps. A failing one is made shorter, its numbers stay.</summary>
    public static Arbitrary<int[]> Choices { get; } = Arb.From(Gen.Choose(0, int.MaxValue).ArrayOf(), Shorter);

    private static IEnumerable<int[]> Shorter(int[] choices)
    {
        for (int part = choices.Length / 2; part > 0; part /= 2)
        {
            for (int start = 0; start + part <= choices.Length; start += part)
            {
                yield return [.. choices[..start], .. choices[(start + part)..]];
            }
        }
    }

    public static Config Of(int tests, int size)
    {
        string? soak = Environment.GetEnvironmentVariable("SKERRY_SOAK");
        int times =
            int.TryParse(soak, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value > 0
                ? value * TimesInSoak
                : 1;
        return Config.QuickThrowOnFailure.WithMaxTest(tests * times).WithEndSize(size).WithStartSize(20);
    }
}
