using System;

namespace Skerry.Apps.KernelFuzz;

/// <summary>What the boot command line asks for: seed=N calls=N era=N damage=N.</summary>
internal static class Options
{
    public static ulong Read(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ulong otherwise)
    {
        ulong result = otherwise;
        int start = 0;
        for (int i = 0; i <= line.Length; i++)
        {
            if (i == line.Length || line[i] == (byte)' ')
            {
                ReadOnlySpan<byte> word = line.Slice(start, i - start);
                if (word.Length > name.Length && word.Slice(0, name.Length).SequenceEqual(name))
                {
                    result = Number(word.Slice(name.Length), otherwise);
                }
                start = i + 1;
            }
        }
        return result;
    }

    private static ulong Number(ReadOnlySpan<byte> digits, ulong otherwise)
    {
        ulong value = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            if (digits[i] < (byte)'0' || digits[i] > (byte)'9')
            {
                return otherwise;
            }
            value = unchecked(value * 10 + digits[i] - (byte)'0');
        }
        return value;
    }
}
