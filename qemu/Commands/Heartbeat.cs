using System;
using System.Diagnostics;
using System.Globalization;
using System.Threading;

namespace Skerry.Qemu.Commands;

/// <summary>Says now and then that work goes on which says nothing itself, until it is disposed of.</summary>
public sealed class Heartbeat : IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Timer _timer;
    private readonly TimeSpan _first;
    private readonly TimeSpan _every;
    private TimeSpan _since;

    /// <param name="title">What goes on.</param>
    /// <param name="write">Takes each line, on a thread of its own.</param>
    /// <param name="first">After which the first line comes.</param>
    /// <param name="every">Between two lines.</param>
    public Heartbeat(string title, Action<string> write, TimeSpan first, TimeSpan every)
    {
        _first = first;
        _every = every;
        _timer = new Timer(_ => write(Line(title, _clock.Elapsed - _since)), null, first, every);
    }

    /// <summary>Work of less than three seconds needs no word, and half a minute is no long silence.</summary>
    public static Heartbeat Of(string title) =>
        new(title, Terminal.Remark, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30));

    /// <summary>For a machine that says nothing for long.</summary>
    /// <param name="limit">After which it is ended; null: never.</param>
    public static Heartbeat OfSilence(TimeSpan? limit)
    {
        string end = limit is { } time ? $", which is ended {time.TotalSeconds:F0} s after its start" : "";
        return new($"no line from the machine{end}", Terminal.Remark, _silence, _silence);
    }

    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(15);

    /// <summary>Something was said: time counts from here on.</summary>
    public void Restart()
    {
        _since = _clock.Elapsed;
        _timer.Change(_first, _every);
    }

    public void Dispose()
    {
        // A line that is on its way comes before what is printed next.
        using var ended = new ManualResetEvent(false);
        if (_timer.Dispose(ended))
        {
            ended.WaitOne();
        }
    }

    private static string Line(string title, TimeSpan elapsed) =>
        string.Create(CultureInfo.InvariantCulture, $"skerry: {title}: {elapsed.TotalSeconds:F0} s");
}
