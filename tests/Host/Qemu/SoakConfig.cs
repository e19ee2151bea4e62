using System;
using System.Globalization;
using FsCheck;

namespace Skerry.Tests.Host.Qemu;

/// <summary>How often a property is tried: a number that a long run multiplies (<c>make test SOAK=1</c>).</summary>
internal static class SoakConfig
{
    private const int TimesInSoak = 10;

    /// <summary>0: the share that every run makes; from 1 on: that many long runs.</summary>
    public static int Soak
    {
        get
        {
            string? soak = Environment.GetEnvironmentVariable("SKERRY_SOAK");
            return int.TryParse(soak, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 0;
        }
    }

    /// <summary>Of whoever draws by himself: the same in every run, another in each long one; SKERRY_SEED gives it.</summary>
    public static int Seed
    {
        get
        {
            string? seed = Environment.GetEnvironmentVariable("SKERRY_SEED");
            bool isGiven = int.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out int given);
            return isGiven ? given
                : Soak == 0 ? 1
                : Random.Shared.Next(1_000_000_000);
        }
    }

    /// <summary>Rounds: what every run makes, or as many more as a long one does.</summary>
    public static int Times(int rounds) => rounds * Math.Max(Soak * TimesInSoak, 1);

    public static Config Of(int tries) => Config.QuickThrowOnFailure.WithMaxTest(Times(tries));
}
