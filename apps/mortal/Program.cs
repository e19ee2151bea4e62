using System;
using System.Runtime;
using Skerry.Base.Layout;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Mortal;

/// <summary>
/// Ends badly, at a moment and in a way that follow from how often it was started again, until it was so <c>of=</c> times: then
/// it ends well. The first word of its arguments says what it does until then: <c>work</c>, <c>serve</c>, or <c>use</c> what
/// another serves; or <c>crash</c>. What is unknown ends badly.
/// </summary>
internal static class Program
{
    private const ulong UnknownWord = 1;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ReadOnlySpan<byte> word = CommandWords.First(environment.Arguments);
        ulong last = CommandWords.Number(environment.Arguments, "of="u8, 0);
        if (word.SequenceEqual("work"u8))
        {
            return Worker.Run(in environment, last);
        }
        if (word.SequenceEqual("serve"u8))
        {
            return Service.Run(in environment, last);
        }
        if (word.SequenceEqual("use"u8))
        {
            return User.Run(in environment, last);
        }
        if (word.SequenceEqual("crash"u8))
        {
            return environment.Restarts == last && last != 0 ? ExitValue.Success : Ends.Crash();
        }
        return UnknownWord;
    }
}
