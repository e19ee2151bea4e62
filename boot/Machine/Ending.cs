using System;
using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Archive;
using Skerry.Boot.Clusters;
using Skerry.Boot.Console;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Machine;

/// <summary>How the bootstrap program gives up: a reason on the console, then the exit code.</summary>
internal static class Ending
{
    /// <summary>What failed, and why: "core.elf", "is not in the boot archive".</summary>
    public static void Fail(ReadOnlySpan<byte> what, ReadOnlySpan<byte> reason)
    {
        Text<SerialConsole>.Write("bootstrap failed: "u8);
        Text<SerialConsole>.Write(what);
        Text<SerialConsole>.Write(" "u8);
        Text<SerialConsole>.Line(reason);
        BeginExit();
        Text<SerialConsole>.Write(what);
        Text<SerialConsole>.Write(" "u8);
        Text<SerialConsole>.Line(reason);
        End();
    }

    /// <summary>The boot archive is damaged, where the walk says.</summary>
    public static void FailArchive(in TarCheck check, ulong bytes)
    {
        Text<SerialConsole>.Write("bootstrap failed: boot archive "u8);
        ArchiveDamage<SerialConsole>.Write(check, bytes);
        Text<SerialConsole>.Line();
        BeginExit();
        Text<SerialConsole>.Write("boot archive "u8);
        ArchiveDamage<SerialConsole>.Write(check, bytes);
        Text<SerialConsole>.Line();
        End();
    }

    /// <summary>The boot CPU's cluster has no piece of memory that carries its kernel.</summary>
    public static void FailMemory(in MemoryShortage shortage)
    {
        Text<SerialConsole>.Write("bootstrap failed: "u8);
        ShortageText<SerialConsole>.Write(shortage);
        Text<SerialConsole>.Line();
        BeginExit();
        ShortageText<SerialConsole>.Write(shortage);
        Text<SerialConsole>.Line();
        End();
    }

    private static void BeginExit()
    {
        Text<SerialConsole>.Write("@exit "u8);
        Text<SerialConsole>.Write((ulong)ExitCode.BootFailure);
        Text<SerialConsole>.Write(" "u8);
    }

    private static void End()
    {
        Processor.OutByte(ExitDevice.Port, (byte)ExitCode.BootFailure);
        Processor.HaltForever();
    }

    /// <summary>Any exception while bootstrap runs; called by the fault stubs on whichever CPU it was.</summary>
    [RuntimeExport(BootEntryPoints.EndingFault)]
    private static void Fault(ulong vector, ulong errorCode, ulong instruction, ulong address)
    {
        Text<SerialConsole>.Write("exception"u8);
        Text<SerialConsole>.Field("vector"u8, vector);
        Text<SerialConsole>.FieldHex("error"u8, errorCode);
        Text<SerialConsole>.FieldHex("rip"u8, instruction);
        Text<SerialConsole>.FieldHex("cr2"u8, address);
        Text<SerialConsole>.Line();
        Fail("bootstrap"u8, "met an exception"u8);
    }

    /// <summary>A failed bounds check or the like (runtime/Compiler/ThrowHelpers.cs has the numbers).</summary>
    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void RuntimeFailure(uint reason)
    {
        Text<SerialConsole>.Write("runtime failure"u8);
        Text<SerialConsole>.Field("reason"u8, reason);
        Text<SerialConsole>.Line();
        Fail("bootstrap"u8, "failed a check of its own"u8);
    }
}
