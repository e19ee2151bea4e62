using System.Runtime;
using Skerry.Boot.Console;

namespace Skerry.Boot.Machine;

/// <summary>The bootstrap program, from the first C# line on the boot CPU to the jump into the kernels.</summary>
internal static unsafe class Bootstrap
{
    [RuntimeExport("BootMain")]
    private static void Main(ulong startInfo)
    {
        SerialConsole.Initialize();
        FaultVectors.Install();
        Text<SerialConsole>.Line("Skerry bootstrap"u8);
        Ending.Fail("nothing to start"u8);
    }

    [RuntimeExport("ProcessorMain")]
    private static void ProcessorMain(uint apicId)
    {
        Processor.HaltForever();
    }
}
