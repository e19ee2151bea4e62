using System.Runtime;
using Skerry.Base.Layout;
using Skerry.Base.Startup;

namespace Skerry.Core.Machine;

/// <summary>The entries that the stubs call: core is started by the kernel, and has no parent.</summary>
internal static class CoreEntry
{
    /// <summary>Next: <see cref="CoreMain.Run"/>.</summary>
    [RuntimeExport(ComponentEntryPoints.ComponentMain)]
    private static void Main(ulong _) => CoreMain.Run();

    /// <summary>A further thread: its maker has left in its context what it is to run.</summary>
    [RuntimeExport(ComponentEntryPoints.ThreadMain)]
    private static unsafe void ThreadMain(ulong _)
    {
        ref ThreadContext context = ref ThreadContext.Current;
        context.Body(context.Argument);
    }

    /// <summary>Compiled code gave up. Without core nothing goes on.</summary>
    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void RuntimeFailure(uint _) => CoreMain.Fail("core: a check in compiled code failed"u8);
}
