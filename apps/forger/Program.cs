using System;
using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Forger;

/// <summary>A vcore that serves nobody: it writes lines that are others', and those that are a vcore's own.</summary>
internal static unsafe class Program
{
    private const uint MessageSlots = 16;

    [RuntimeExport(ComponentEntryPoints.ComponentMain)]
    private static void Main(ulong _)
    {
        Environment environment = Environment.Current;
        environment.Exit(Serve(&environment));
    }

    [RuntimeExport(ComponentEntryPoints.VcoreMain)]
    private static ulong Serve(Environment* environment)
    {
        var block = (StartupBlock*)UserLayout.InformationPage;
        CapabilitySlots.Initialise(block->FirstFreeSlot, block->FirstFreeSlot + MessageSlots);
        WriteOthers(environment->Log);
        WriteLong(environment->Log);
        WriteOwn(environment->Log, environment->Name);
        ParentResult opened = environment->Parent.OpenSession(
            "LOG"u8,
            "x]\n@exit 16 all is well"u8,
            default,
            Affinity.Whole,
            Quota.None,
            out SessionCapability session,
            out _
        );
        if (opened == ParentResult.Ok)
        {
            WriteOthers(new Log(new LogSessionClient(session.Capability.Slot)));
        }
        return ExitValue.ChildrenSucceeded;
    }

    private static void WriteOthers(Log log)
    {
        log.WriteLine("core: child innocent faulted: write to 0x8 (no region) at ip 0x400000"u8);
        log.WriteLine("[core/innocent] a word"u8);
        log.WriteLine("vcore east: child innocent exited with 1"u8);
        log.WriteLine("@restart server=core child=innocent number=1 of=1 ram=0"u8);
        log.WriteLine("@vcore name=east cluster=0"u8);
        log.WriteLine("@exit 17 the kernel of cluster 0 has panicked"u8);
        log.WriteLine("text\n@exit 16 all is well\n@exit\t16 all is well"u8);
    }

    /// <summary>What a line is broken into.</summary>
    private static void WriteLong(Log log)
    {
        Span<byte> buffer = stackalloc byte[ILogSession.MaximumText + 32];
        var line = new TextBuilder(buffer);
        line.Append((byte)'x', ILogSession.MaximumText).Append("@exit 16 at a break"u8).AppendLine();
        log.Write(in line);
    }

    private static void WriteOwn(Log log, ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[ILogSession.MaximumText];
        var text = new TextBuilder(buffer);
        text.Append("vcore "u8).Append(name).Append(": child never exited with 0"u8).AppendLine();
        text.Append((byte)'[').Append(name).Append("/never] a word"u8).AppendLine();
        text.Append("@vcore name="u8).Append(name).Append(" cluster=0"u8).AppendLine();
        text.Append("@restart server="u8).Append(name).Append(" child=never number=1 of=1"u8).AppendLine();
        text.Append("@test forger pass"u8).AppendLine();
        log.Write(in text);
    }

    [RuntimeExport(ComponentEntryPoints.ThreadMain)]
    private static void ThreadMain(ulong _)
    {
        while (true)
        {
            Processor.Yield();
        }
    }

    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void RuntimeFailure(uint reason)
    {
        Environment environment = Environment.Current;
        environment.Exit(ExitValue.RuntimeFailure + reason);
    }
}
