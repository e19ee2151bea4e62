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

    public static Config Of(int tries) =>
        Config.QuickThrowOnFailure.WithMaxTest(tries * Math.Max(Soak * TimesInSoak, 1));
}
