using System;
using System.Globalization;
using Skerry.Base.Configuration;

namespace Skerry.Qemu.Source;

/// <summary>Amounts of memory as people write them: "4096", "64K", "128M", "2G", "1T" (binary units), or hexadecimal.</summary>
public static class ByteSize
{
    public const ulong Kibi = 1024;
    public const ulong Mebi = 1024 * Kibi;
    public const ulong Gibi = 1024 * Mebi;
    public const ulong Tebi = 1024 * Gibi;

    /// <summary>
    /// The largest amount that a file may name: as many bytes as a processor has physical addresses (Intel SDM vol. 3A,
    /// 4.1.4). The sum of all that a file can name is a number, too.
    /// </summary>
    public const ulong Largest = ConfigurationLimits.MemoryBytes;

    public static bool TryParse(string text, out ulong bytes)
    {
        bytes = 0;
        if (text.Length == 0)
        {
            return false;
        }
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(
                text.AsSpan(2),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out bytes
            );
        }
        ulong unit = Unit(text[^1]);
        ReadOnlySpan<char> digits = unit == 1 ? text : text.AsSpan(0, text.Length - 1);
        if (
            !ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong count)
            || count > ulong.MaxValue / unit
        )
        {
            return false;
        }
        bytes = count * unit;
        return true;
    }

    /// <summary>The amount in the largest unit that divides it.</summary>
    public static string Format(ulong bytes) =>
        bytes switch
        {
            0 => "0",
            _ when bytes % Tebi == 0 => $"{bytes / Tebi}T",
            _ when bytes % Gibi == 0 => $"{bytes / Gibi}G",
            _ when bytes % Mebi == 0 => $"{bytes / Mebi}M",
            _ when bytes % Kibi == 0 => $"{bytes / Kibi}K",
            _ => bytes.ToString(CultureInfo.InvariantCulture),
        };

    private static ulong Unit(char suffix) =>
        char.ToUpperInvariant(suffix) switch
        {
            'K' => Kibi,
            'M' => Mebi,
            'G' => Gibi,
            'T' => Tebi,
            _ => 1,
        };
}
