using System;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Panic;

/// <summary>The serial port, for panics alone: all other output is user level's. Polls, and gives up on a dead port.</summary>
internal static unsafe class Console
{
    private const ushort Data = 0x3f8;
    private const ushort LineStatus = 0x3fd;
    private const byte TransmitterEmpty = 0x20;

    public static void Write(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            WriteByte((byte)text[i]);
        }
    }

    public static void Write(byte* text)
    {
        while (*text != 0)
        {
            WriteByte(*text++);
        }
    }

    public static void WriteHex(ulong value)
    {
        Write("0x");
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            int digit = (int)(value >> shift) & 15;
            WriteByte((byte)(digit < 10 ? '0' + digit : 'a' + digit - 10));
        }
    }

    public static void WriteDecimal(ulong value)
    {
        ulong divisor = 1;
        while (value / divisor >= 10)
        {
            divisor *= 10;
        }
        for (; divisor != 0; divisor /= 10)
        {
            WriteByte((byte)('0' + value / divisor % 10));
        }
    }

    private static void WriteByte(byte value)
    {
        for (int tries = 0; tries < 100_000 && (Hardware.In8(LineStatus) & TransmitterEmpty) == 0; tries++) { }
        Hardware.Out8(Data, value);
    }
}
