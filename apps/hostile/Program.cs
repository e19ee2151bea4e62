using System;
using System.Runtime;
using Skerry.Base.Layout;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Hostile;

/// <summary>
/// Sends its servers what they do not expect, or what they expect over and over. The first word of its arguments says which;
/// <c>seed=</c> and <c>rounds=</c> say from where and how often.
/// </summary>
internal static class Program
{
    private const ulong UnknownWord = 1;
    private const ulong DefaultRounds = 1000;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ReadOnlySpan<byte> word = CommandWords.First(environment.Arguments);
        ulong rounds = CommandWords.Number(environment.Arguments, "rounds="u8, DefaultRounds);
        if (word.SequenceEqual("malformed"u8))
        {
            return Malformed.Run(in environment);
        }
        if (word.SequenceEqual("random"u8))
        {
            ulong seed = CommandWords.Number(environment.Arguments, "seed="u8, 1);
            return RandomMessages.Run(in environment, seed, rounds);
        }
        if (word.SequenceEqual("attaches"u8))
        {
            return Cycles.Attaches(in environment, rounds);
        }
        if (word.SequenceEqual("sessions"u8))
        {
            return Cycles.Sessions(in environment, rounds);
        }
        if (word.SequenceEqual("threads"u8))
        {
            return Cycles.Threads(in environment, rounds);
        }
        environment.Log.WriteLine("unknown word"u8);
        return UnknownWord;
    }
}
