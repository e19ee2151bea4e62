using System;
using Skerry.Abi;

namespace Skerry.Qemu.Machines;

/// <summary>From what QEMU's process returned to how the run ended.</summary>
public static class ExitStatuses
{
    /// <summary>QEMU's isa-debug-exit ends the process with (value &lt;&lt; 1) | 1; 0 means a shutdown or reset.</summary>
    public static ExitStatus FromQemu(int processExitCode)
    {
        if (processExitCode == 0)
        {
            // The guest has no power-off and no reboot of its own: only a triple fault comes here.
            return ExitStatus.KernelPanic;
        }
        return CodeOf(processExitCode) is { } code ? FromGuest((ExitCode)code) : ExitStatus.QemuFailure;
    }

    /// <summary>The code that the guest ended with; null if it did not end itself.</summary>
    public static int? CodeOf(int processExitCode) =>
        processExitCode is > 1 and <= byte.MaxValue && (processExitCode & 1) == 1 ? processExitCode >> 1 : null;

    private static ExitStatus FromGuest(ExitCode code) =>
        code switch
        {
            ExitCode.Success => ExitStatus.Success,
            ExitCode.KernelPanic => ExitStatus.KernelPanic,
            ExitCode.ComponentFailure => ExitStatus.ComponentFailure,
            ExitCode.TestFailure => ExitStatus.TestFailure,
            ExitCode.BootFailure => ExitStatus.BootFailure,
            _ => ExitStatus.QemuFailure,
        };

    /// <summary>The status in words, for a person.</summary>
    public static string Describe(ExitStatus status) =>
        status switch
        {
            ExitStatus.Success => "success",
            ExitStatus.TestFailure => "a test failed",
            ExitStatus.BadInput => "bad input",
            ExitStatus.KernelPanic => "kernel panic",
            ExitStatus.ComponentFailure => "a component failed",
            ExitStatus.BootFailure => "the machine could not be booted",
            ExitStatus.TimeOut => "timed out",
            ExitStatus.QemuFailure => "QEMU failed",
            ExitStatus.Interrupted => "ended from outside",
            ExitStatus.DiskFull => "the disk is full",
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };
}
