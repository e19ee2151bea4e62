using System.Runtime;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Startup;

namespace Skerry.VCore.Machine;

/// <summary>The entries that the stubs call.</summary>
internal static unsafe class Entry
{
    /// <summary>The first thread, which becomes the supervisor.</summary>
    [RuntimeExport(ComponentEntryPoints.ComponentMain)]
    private static void Main(ulong _)
    {
        Environment environment = Environment.Current;
        environment.Exit(Serve(&environment));
    }

    [RuntimeExport(ComponentEntryPoints.VcoreMain)]
    private static ulong Serve(Environment* environment) => VCore.Run(in *environment);

    /// <summary>Entrypoints, pagers, keepers, the starter: whoever made the thread has left in its context what it is to run.</summary>
    [RuntimeExport(ComponentEntryPoints.ThreadMain)]
    private static void ThreadMain(ulong _)
    {
        ref ThreadContext context = ref ThreadContext.Current;
        context.Body(context.Argument);
        while (true)
        {
            Processor.Yield();
        }
    }

    /// <summary>Compiled code gave up: the vcore ends, and with it its children.</summary>
    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void RuntimeFailure(uint reason)
    {
        Environment environment = Environment.Current;
        VCore.Tell(in environment, "failed a check of its own"u8);
        environment.Exit(ExitValue.RuntimeFailure + reason);
    }
}
