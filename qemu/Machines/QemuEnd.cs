using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Skerry.Qemu.Machines;

/// <summary>What the end of QEMU's process says of its cause: the guest, QEMU itself, or somebody outside.</summary>
internal static class QemuEnd
{
    /// <summary>
    /// QEMU's remark when it is asked to end. Its status is then 0, as after a triple fault of a guest that must not
    /// start again.
    /// </summary>
    private const string Remark = "terminating on signal ";

    /// <summary>What a process returns that a signal has ended: this and the signal's number, as shells have it.</summary>
    private const int SignalBase = 128;

    private const int Killed = 9;

    /// <summary>Signals by which a person or the host ends a program (signal(7)); others mean that it is broken.</summary>
    private static readonly Dictionary<int, string> _signals = new()
    {
        [1] = "SIGHUP",
        [2] = "SIGINT",
        [3] = "SIGQUIT",
        [Killed] = "SIGKILL",
        [15] = "SIGTERM",
    };

    /// <param name="processExitCode">What QEMU's process returned.</param>
    /// <param name="complaints">What it wrote to its standard error.</param>
    /// <returns>Who ended it from outside and how, for a person; null if nobody did.</returns>
    public static string? FromOutside(int processExitCode, IReadOnlyList<string> complaints)
    {
        string? remark = complaints.LastOrDefault(line => line.Contains(Remark, StringComparison.Ordinal));
        if (processExitCode == 0 && remark is not null)
        {
            return $"QEMU was asked to end: {remark[remark.IndexOf(Remark, StringComparison.Ordinal)..]}";
        }
        int signal = processExitCode - SignalBase;
        if (!_signals.TryGetValue(signal, out string? name))
        {
            return null;
        }
        string hint = signal == Killed ? "; a host that is short of memory does that, too" : "";
        return string.Create(CultureInfo.InvariantCulture, $"QEMU was ended by signal {signal}, {name}{hint}");
    }
}
