using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Machines;

/// <summary>
/// A running QEMU: its serial console, a line to wait for, how it ended. Dispose kills what still runs.
/// <code>
///     using QemuMachine machine = QemuMachine.Start(options);
///     machine.WaitForLine(line => line.StartsWith("@cluster"), TimeSpan.FromSeconds(20));
///     MachineResult result = machine.WaitForExit().Require(ExitStatus.Success);
/// </code>
/// </summary>
public sealed class QemuMachine : IDisposable
{
    private readonly MachineOptions _options;
    private readonly QemuProcess _process;
    private readonly SerialConsole _serial;
    private readonly SerialConsole _complaints = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Timer _timer;
    private readonly Timer _silence;
    private readonly string _commandLine;

    // Set by the timer's thread before it kills, read after the process has ended.
    private volatile bool _timedOut;
    private volatile bool _wasSilent;

    private QemuMachine(MachineOptions options, Action<string>? onLine)
    {
        _options = options;
        // First of all: without it nothing is started.
        StreamWriter? log = options.LogFile is { } file ? OutputFile.Open(file) : null;
        IReadOnlyList<string> arguments = QemuArguments.For(options);
        _commandLine = string.Join(' ', arguments.Prepend(QemuProcess.Program).Select(Quote));
        TimeSpan silence = options.SilenceLimit ?? Timeout.InfiniteTimeSpan;
        _silence = new Timer(_ => EndSilence(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _serial = new SerialConsole(
            log,
            line =>
            {
                _silence.Change(silence, Timeout.InfiniteTimeSpan);
                onLine?.Invoke(line);
            }
        );
        _process = QemuProcess.Start(arguments, _serial.Add, _complaints.Add);
        _process.Completion.ContinueWith(_ => EndLines(), TaskScheduler.Default);
        _silence.Change(silence, Timeout.InfiniteTimeSpan);
        _timer = new Timer(
            _ => TimeOut(),
            null,
            options.TimeLimit ?? Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public int ProcessId => _process.Id;

    /// <summary>The serial console until now.</summary>
    public IReadOnlyList<string> Lines => _serial.Lines;

    /// <param name="options">What to start.</param>
    /// <param name="onLine">Called for every line of the serial console as it comes, by another thread.</param>
    /// <exception cref="MachineFailureException">QEMU is not installed.</exception>
    /// <exception cref="BadInputException">The log cannot be written, or this QEMU cannot be the machine.</exception>
    public static QemuMachine Start(MachineOptions options, Action<string>? onLine = null)
    {
        QemuVersion.Require(options);
        try
        {
            return new QemuMachine(options, onLine);
        }
        catch (Win32Exception exception)
        {
            string reason =
                $"{QemuProcess.Program} cannot be started ({exception.Message}); \"make setup\" installs it";
            throw new MachineFailureException(reason, NotStarted(reason));
        }
    }

    /// <summary>Starts a machine and waits for its end.</summary>
    /// <exception cref="MachineFailureException">QEMU is not installed.</exception>
    /// <exception cref="BadInputException">The log cannot be written.</exception>
    public static MachineResult Run(MachineOptions options, Action<string>? onLine = null)
    {
        using QemuMachine machine = Start(options, onLine);
        return machine.WaitForExit();
    }

    /// <returns>The first line, past or to come, that fits.</returns>
    /// <exception cref="MachineFailureException">None came in time or before the end; the machine is killed.</exception>
    public string WaitForLine(Predicate<string> fits, TimeSpan limit)
    {
        if (_serial.WaitForLine(fits, limit) is { } line)
        {
            return line;
        }
        _process.Kill();
        MachineResult result = WaitForExit();
        throw new MachineFailureException($"the line awaited did not come within {limit}: {result.Describe()}", result);
    }

    /// <summary>Waits for the end, at most until the time limit.</summary>
    public MachineResult WaitForExit()
    {
        int exitCode = _process.WaitForExit();
        EndLines();
        string? outside = QemuProcess.EndedBySignal ?? QemuEnd.FromOutside(exitCode, _complaints.Lines);
        ExitStatus status =
            _timedOut ? ExitStatus.TimeOut
            : outside is not null ? ExitStatus.Interrupted
            : ExitStatuses.FromQemu(exitCode);
        return new MachineResult
        {
            Status = status,
            Reason = status == ExitStatus.Interrupted ? outside! : Reason(status, exitCode),
            ProcessExitCode = exitCode,
            Elapsed = _clock.Elapsed,
            Lines = _serial.Lines,
            Complaints = _complaints.Lines,
            CommandLine = _commandLine,
        };
    }

    public void Dispose()
    {
        _timer.Dispose();
        _process.Dispose();
        EndLines();
        _silence.Dispose();
    }

    private void EndLines()
    {
        _serial.End();
        _complaints.End();
    }

    private void EndSilence()
    {
        _wasSilent = true;
        TimeOut();
    }

    private void TimeOut()
    {
        _timedOut = true;
        _process.Kill();
    }

    private string Reason(ExitStatus status, int exitCode)
    {
        if (status == ExitStatus.TimeOut && _wasSilent)
        {
            string last = _serial.Lines.LastOrDefault() ?? "nothing was ever said";
            return $"silent for {_options.SilenceLimit!.Value.TotalSeconds:F0} s behind: {last}";
        }
        if (status == ExitStatus.TimeOut)
        {
            return $"no end within {_options.TimeLimit!.Value.TotalSeconds:F0} s";
        }
        if (exitCode == 0)
        {
            return "the machine reset itself (a triple fault)";
        }
        return EndOf(exitCode)?.Rest(0)
            ?? (status == ExitStatus.QemuFailure ? _complaints.Lines.LastOrDefault() : null)
            ?? $"QEMU returned {exitCode}";
    }

    /// <summary>The record of this end: one of another code was not the last word.</summary>
    private RecordLine? EndOf(int exitCode) =>
        _serial
            .Lines.Select(RecordLine.Parse)
            .LastOrDefault(record =>
                record?.Kind == "exit"
                && int.TryParse(record.Word(0), NumberStyles.None, CultureInfo.InvariantCulture, out int code)
                && code == ExitStatuses.CodeOf(exitCode)
            );

    private static string Quote(string argument) => argument.Contains(' ') ? $"'{argument}'" : argument;

    private static MachineResult NotStarted(string reason) =>
        new()
        {
            Status = ExitStatus.QemuFailure,
            Reason = reason,
            ProcessExitCode = -1,
            Elapsed = TimeSpan.Zero,
            Lines = [],
            Complaints = [],
            CommandLine = QemuProcess.Program,
        };
}
