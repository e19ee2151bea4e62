using System.Runtime;
using System.Runtime.CompilerServices;
using System.Threading;
using Internal.Runtime.CompilerHelpers;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Text;

namespace Skerry.Base.Startup;

/// <summary>
/// The entries of every component but core: what the stubs call. The component itself exports <c>SkerryMain</c>.
/// </summary>
internal static unsafe class ComponentEntry
{
    private const int FailureText = 96;

    /// <summary>The first thread. Next: the component's SkerryMain.</summary>
    [RuntimeExport(ComponentEntryPoints.ComponentMain)]
    private static void Main(ulong argument)
    {
        Environment environment = Environment.Current;
        var block = (StartupBlock*)Abi.UserLayout.InformationPage;
        CapabilitySlots.Initialise(block->FirstFreeSlot, 1u << (int)block->CapTableSizeBits);
        environment.Exit(SkerryMain(&environment));
    }

    /// <summary>Every further thread: its creator has left in the thread's context what it is to run.</summary>
    [RuntimeExport(ComponentEntryPoints.ThreadMain)]
    private static void ThreadMain(ulong _)
    {
        ref ThreadContext context = ref ThreadContext.Current;
        context.Body(context.Argument);
        Volatile.Write(ref context.Finished, 1);
        if (!context.Control.IsNull)
        {
            new Sessions.CpuThreadClient(context.Control).Finish();
        }
        while (true)
        {
            Processor.Yield();
        }
    }

    /// <summary>Compiled code gave up: say so and end the component.</summary>
    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void RuntimeFailure(uint reason)
    {
        Environment environment = Environment.Current;
        System.Span<byte> buffer = stackalloc byte[FailureText];
        var text = new TextBuilder(buffer);
        text.Append("failed: "u8).Append(FailureNames.Of((FailureReason)reason)).AppendLine();
        environment.Log.Write(in text);
        environment.Exit(ExitValue.RuntimeFailure + reason);
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.SkerryMain)]
    private static extern ulong SkerryMain(Environment* environment);
}
