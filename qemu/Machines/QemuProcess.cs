using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Skerry.Qemu.Machines;

/// <summary>
/// Starts QEMU and sees to it that it never outlives this program: it is killed when this program ends or is asked to,
/// and by the host's kernel when this program itself was killed.
/// </summary>
internal static class QemuProcess
{
    public const string Program = "qemu-system-x86_64";

    /// <summary>
    /// util-linux's setpriv makes the host send a signal when the parent dies, and then becomes QEMU. Linux counts as
    /// the parent the thread that forked, so one thread starts them all and lives as long as the program.
    /// </summary>
    private static readonly string[] _wrapper = ["/usr/bin/setpriv", "--pdeathsig", "KILL"];

    private static readonly BlockingCollection<Action> _launches = [];

    private static readonly Lock _gate = new();

    /// <summary>Processes that run now. Protected by <see cref="_gate"/>.</summary>
    private static readonly List<Process> _running = [];

    /// <summary>Kept for the life of the program: a registration that is collected no longer acts.</summary>
    private static readonly PosixSignalRegistration[] _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, EndAll),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndAll),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, EndAll),
    ];

    private static volatile string? endedBySignal;

    static QemuProcess()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        new Thread(Launch) { IsBackground = true, Name = "QEMU launcher" }.Start();
    }

    /// <summary>The signal by which this program was asked to end, for a person; null if it was not.</summary>
    public static string? EndedBySignal => endedBySignal;

    /// <exception cref="Win32Exception">QEMU is not installed.</exception>
    public static Process Start(IReadOnlyList<string> arguments)
    {
        string[] wrapper = File.Exists(_wrapper[0]) && IsInstalled() ? _wrapper : [];
        string[] command = [.. wrapper, Program, .. arguments];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        var started = new TaskCompletionSource<Process>();
        _launches.Add(() => StartNow(start, started));
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends a process. One that has ended already is left alone.</summary>
    public static void Kill(Process process)
    {
        lock (_gate)
        {
            if (_running.Remove(process) && !process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
    }

    private static void Launch()
    {
        foreach (Action launch in _launches.GetConsumingEnumerable())
        {
            launch();
        }
    }

    private static void StartNow(ProcessStartInfo start, TaskCompletionSource<Process> started)
    {
        try
        {
            lock (_gate)
            {
                Process process = Process.Start(start)!;
                _running.Add(process);
                process.StandardInput.Close();
                started.SetResult(process);
            }
        }
        catch (Win32Exception exception)
        {
            started.SetException(exception);
        }
    }

    private static void EndAll(PosixSignalContext context)
    {
        endedBySignal = $"this program was asked to end: {context.Signal}";
        KillAll();
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

    /// <summary>Asked before the wrapper hides that QEMU is missing.</summary>
    private static bool IsInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, Program)));
}
