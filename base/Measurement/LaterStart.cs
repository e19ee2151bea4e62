using System;
using Skerry.Base.Kernel;
using Skerry.Base.Text;

namespace Skerry.Base.Measurement;

/// <summary>
/// For one that measures itself beside others: the word <c>after=TICKS</c> of its arguments lets it begin when they have.
/// </summary>
public static class LaterStart
{
    /// <param name="arguments">The component's; without the word there is nothing to wait for.</param>
    public static void Await(ReadOnlySpan<byte> arguments)
    {
        ulong start = SystemCalls.ReadTimeStampCounter() + CommandWords.Number(arguments, "after="u8, 0);
        while (SystemCalls.ReadTimeStampCounter() < start) { }
    }
}
