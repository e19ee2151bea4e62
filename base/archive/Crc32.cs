using System;
using System.Runtime.CompilerServices;

namespace Skerry.Base.Archive;

/// <summary>
/// The cyclic redundancy check of zip and Ethernet (ISO/IEC/IEEE 8802-3, 3.2.9): polynomial 0x04c11db7 with its bits
/// reversed, begun and ended with all ones. It finds every damage of up to 32 bits in a row.
/// </summary>
public struct Crc32
{
    private const uint Polynomial = 0xedb8_8320;
    private const int Values = 256;

    private Table _table;

    /// <summary>Fills the table: what each value of a byte makes of a remainder of zero.</summary>
    public static Crc32 Create()
    {
        Crc32 crc = default;
        for (int value = 0; value < Values; value++)
        {
            uint remainder = (uint)value;
            for (int bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? remainder >> 1 ^ Polynomial : remainder >> 1;
            }
            crc._table[value] = remainder;
        }
        return crc;
    }

    /// <returns>The check of all of it; 0 of nothing.</returns>
    public readonly uint Of(ReadOnlySpan<byte> content)
    {
        uint remainder = uint.MaxValue;
        foreach (byte value in content)
        {
            remainder = remainder >> 8 ^ _table[(byte)(remainder ^ value)];
        }
        return ~remainder;
    }

    [InlineArray(Values)]
    private struct Table
    {
        private uint _remainder;
    }
}
