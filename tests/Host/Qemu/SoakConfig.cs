using System;
using System.Globalization;
using FsCheck;

namespace Skerry.Tests.Host.Qemu;

/// <summary>How often a property is tried: a number that the run multiplies (<c>make test SOAK=10</c>).</summary>
internal static class SoakConfig
{
    public static Config Of(int tries)
    {
        string? soak = Environment.GetEnvironmentVariable("SKERRY_SOAK");
        int factor = int.TryParse(soak, NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 1;
        return Config.QuickThrowOnFailure.WithMaxTest(tries * Math.Max(factor, 1));
    }
}
