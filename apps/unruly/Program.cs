using System;
using System.Runtime;
using Skerry.Base.Layout;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Unruly;

/// <summary>
/// Does what a component may, at a moment that its server would not choose. The first word of its arguments says what;
/// nobody else is to notice.
/// </summary>
internal static class Program
{
    private const ulong UnknownWord = 1;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ReadOnlySpan<byte> word = CommandWords.First(environment.Arguments);
        if (word.SequenceEqual("exit-inside-calls"u8))
        {
            return InsideCalls.Exit(in environment);
        }
        if (word.SequenceEqual("crash-inside-calls"u8))
        {
            return InsideCalls.Crash(in environment);
        }
        if (word.SequenceEqual("destroy-inside-calls"u8))
        {
            return InsideCalls.Destroy(in environment);
        }
        if (word.SequenceEqual("own-fault-handler"u8))
        {
            return OwnFaultHandler.Run(in environment);
        }
        environment.Log.WriteLine("unknown word"u8);
        return UnknownWord;
    }
}
