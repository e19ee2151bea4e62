using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Skerry.Qemu.Machines;

/// <summary>
/// Starts QEMU and sees to it that it never outlives its purpose: it is killed when this program ends for whatever
/// reason it can notice, and by a watchdog process when this program itself was killed.
/// </summary>
internal static class QemuProcess
{
    public const string Program = "qemu-system-x86_64";

    /// <summary>GNU coreutils' timeout passes on the exit status of what it watches.</summary>
    private const string Watchdog = "/usr/bin/timeout";

    /// <summary>Until the watchdog acts, so that it never comes before the time limit of the run itself.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(30);

    private static readonly Lock _gate = new();

    /// <summary>Processes that run now. Protected by <see cref="_gate"/>.</summary>
    private static readonly List<Process> _running = [];

    static QemuProcess()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        // Kept for the life of the program: a registration that is collected no longer acts.
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => KillAll()),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => KillAll()),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => KillAll()),
        ];
    }

    private static readonly PosixSignalRegistration[] _registrations;

    /// <exception cref="Win32Exception">QEMU is not installed.</exception>
    public static Process Start(IReadOnlyList<string> arguments, TimeSpan? timeLimit)
    {
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        if (timeLimit is { } limit && IsInstalled() && File.Exists(Watchdog))
        {
            string seconds = Math.Ceiling((limit + _grace).TotalSeconds).ToString(CultureInfo.InvariantCulture);
            start.FileName = Watchdog;
            start.ArgumentList.Add("--signal=KILL");
            start.ArgumentList.Add(seconds);
            start.ArgumentList.Add(Program);
        }
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        lock (_gate)
        {
            Process process = Process.Start(start)!;
            _running.Add(process);
            process.StandardInput.Close();
            return process;
        }
    }

    /// <summary>Ends a process and the ones it started. A process that has ended already is left alone.</summary>
    public static void Kill(Process process)
    {
        lock (_gate)
        {
            if (_running.Remove(process) && !process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static void KillAll()
    {
        Process[] running;
        lock (_gate)
        {
            running = [.. _running];
        }
        foreach (Process process in running)
        {
            Kill(process);
        }
    }

    /// <summary>Asked before the watchdog hides that QEMU is missing.</summary>
    private static bool IsInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, Program)));
}
