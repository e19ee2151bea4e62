using System;

namespace Skerry.Apps.KernelTests;

/// <summary>What C# makes of the few types that runtime/ has: loops over arrays and spans, and what finally does.</summary>
internal static class LanguageTests
{
    private static readonly uint[] _powers = [1, 2, 4, 8];

    private static uint left;

    public static bool Run() => Loops() & Finally();

    private static bool Loops()
    {
        uint wrong = 0;
        uint sum = 0;
        foreach (uint power in _powers)
        {
            sum += power;
        }
        wrong += sum == 15 ? 0u : 1u;
        foreach (uint power in new ReadOnlySpan<uint>(_powers, 1, 2))
        {
            sum += power;
        }
        wrong += sum == 15 + 6 ? 0u : 1u;
        Span<uint> span = stackalloc uint[4];
        ((ReadOnlySpan<uint>)_powers).CopyTo(span);
        foreach (ref uint power in span)
        {
            power <<= 4;
        }
        wrong += span[0] + span[3] == 16 + 128 ? 0u : 1u;
        foreach (byte letter in ""u8)
        {
            wrong += letter;
        }
        foreach (uint nothing in new ReadOnlySpan<uint>(null))
        {
            wrong += nothing + 1;
        }
        Console.Test("language-loops"u8, wrong == 0, "wrong sums"u8, wrong);
        return wrong == 0;
    }

    /// <summary>It runs wherever its block is left, in the order of C#.</summary>
    private static bool Finally()
    {
        left = 0;
        uint returned = Leave(_powers[3]);
        for (uint i = 0; i < 2; i++)
        {
            try
            {
                continue;
            }
            finally
            {
                left++;
            }
        }
        using (new Scope())
        {
            left += left == 3 ? 1u : 100;
        }
        bool passed = returned == 8 && left == 14;
        Console.Test("language-finally"u8, passed, "left"u8, left);
        return passed;
    }

    private static uint Leave(uint value)
    {
        try
        {
            return value + left;
        }
        finally
        {
            left++;
        }
    }

    private readonly ref struct Scope
    {
        public readonly void Dispose() => left += 10;
    }
}
