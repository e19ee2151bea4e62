using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.ComponentModel;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using CliWrap;

namespace Skerry.Qemu.Machines;

/// <summary>
/// A running QEMU, which does not outlive this program: it is killed when this program ends or is asked to, and, where
/// setpriv is there, by the host's kernel when this program itself was killed.
/// </summary>
internal sealed class QemuProcess : IDisposable
{
    public const string Program = "qemu-system-x86_64";

    /// <summary>What a process returns that SIGKILL has ended, as shells have it.</summary>
    public const int KilledExitCode = 128 + 9;

    /// <summary>
    /// util-linux's setpriv makes the host send a signal when the parent dies, and then becomes QEMU. Linux counts as
    /// the parent the thread that forked, so one thread starts them all and lives as long as the program.
    /// </summary>
    private static readonly string[] _wrapper = ["/usr/bin/setpriv", "--pdeathsig", "KILL"];

    private static readonly BlockingCollection<Action> _launches = [];

    private static readonly Lock _gate = new();

    /// <summary>Started, and not ended by this program. Protected by <see cref="_gate"/>.</summary>
    private static readonly List<QemuProcess> _running = [];

    /// <summary>Kept for the life of the program: a registration that is collected no longer acts.</summary>
    private static readonly PosixSignalRegistration[] _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, EndAll),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndAll),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, EndAll),
    ];

    private static volatile string? endedBySignal;

    private readonly CancellationTokenSource _kill = new();
    private readonly CommandTask<CommandResult> _command;

    static QemuProcess()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        new Thread(Launch) { IsBackground = true, Name = "QEMU launcher" }.Start();
    }

    private QemuProcess(Command command) => _command = command.ExecuteAsync(_kill.Token);

    /// <summary>The signal by which this program was asked to end, for a person; null if it was not.</summary>
    public static string? EndedBySignal => endedBySignal;

    public int Id => _command.ProcessId;

    /// <summary>Over when it has ended and all that it has said has been told.</summary>
    public Task Completion => _command.Task;

    /// <param name="arguments">QEMU's.</param>
    /// <param name="onOutput">Called for every line of its standard output, one after another.</param>
    /// <param name="onError">The same of its standard error.</param>
    /// <exception cref="Win32Exception">QEMU is not installed.</exception>
    public static QemuProcess Start(IReadOnlyList<string> arguments, Action<string> onOutput, Action<string> onError)
    {
        string[] wrapper = File.Exists(_wrapper[0]) && IsInstalled() ? _wrapper : [];
        string[] words = [.. wrapper, Program, .. arguments];
        Command command = Cli.Wrap(words[0])
            .WithArguments(words.Skip(1))
            .WithValidation(CommandResultValidation.None)
            .WithStandardOutputPipe(PipeTarget.ToDelegate(onOutput, Encoding.UTF8))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(onError, Encoding.UTF8));
        var started = new TaskCompletionSource<QemuProcess>();
        _launches.Add(() => StartNow(command, started));
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for the end, and until all that it has said has been told.</summary>
    /// <returns>What the process returned; <see cref="KilledExitCode"/> if <see cref="Kill"/> has ended it.</returns>
    public int WaitForExit()
    {
        try
        {
            return _command.Task.GetAwaiter().GetResult().ExitCode;
        }
        catch (OperationCanceledException)
        {
            return KilledExitCode;
        }
    }

    /// <summary>Ends it, with all that it has started, and waits for that. One that has ended already is left alone.</summary>
    public void Kill()
    {
        lock (_gate)
        {
            if (_running.Remove(this))
            {
                _kill.Cancel();
            }
        }
        WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _command.Dispose();
        _kill.Dispose();
    }

    private static void Launch()
    {
        foreach (Action launch in _launches.GetConsumingEnumerable())
        {
            launch();
        }
    }

    private static void StartNow(Command command, TaskCompletionSource<QemuProcess> started)
    {
        try
        {
            lock (_gate)
            {
                var process = new QemuProcess(command);
                _running.Add(process);
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
        QemuProcess[] running;
        lock (_gate)
        {
            running = [.. _running];
        }
        foreach (QemuProcess process in running)
        {
            process.Kill();
        }
    }

    /// <summary>Asked before the wrapper hides that QEMU is missing.</summary>
    private static bool IsInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(directory => File.Exists(Path.Combine(directory, Program)));
}
