using System;
using System.Runtime;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ServersBench;

/// <summary>
/// What core's and a vcore's operations cost their children. The first word of the arguments says which part this one has:
/// to measure, to be the other end, or only to be started.
/// </summary>
internal static class Program
{
    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ulong began = SystemCalls.ReadTimeStampCounter();
        ReadOnlySpan<byte> word = CommandWords.First(environment.Arguments);
        if (word.SequenceEqual("started"u8))
        {
            return StartRow.Run(in environment, began);
        }
        if (word.SequenceEqual("serve"u8))
        {
            return EchoServer.Run(in environment);
        }
        if (!word.SequenceEqual("measure"u8))
        {
            environment.Log.WriteLine("unknown word"u8);
            return Failure.UnknownWord;
        }
        Report.Calibrate();
        CallRows.Run(in environment);
        FaultRows.Run(in environment);
        ManagedRow.Run(in environment);
        MemoryRows.Run(in environment);
        SessionRows.Run(in environment);
        return Report.IsRight ? ExitValue.Success : Failure.WrongAnswers;
    }
}
