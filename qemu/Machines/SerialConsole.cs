using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace Skerry.Qemu.Machines;

/// <summary>Gathers lines as they come, and lets others wait for one.</summary>
/// <param name="log">Where every line is saved at once; closed at the end.</param>
/// <param name="onLine">Called for every line before others see it.</param>
internal sealed class SerialConsole(TextWriter? log = null, Action<string>? onLine = null)
{
    /// <summary>Protects <see cref="_lines"/> and <see cref="_ended"/>; pulsed whenever one changes.</summary>
    private readonly object _gate = new();
    private readonly List<string> _lines = [];
    private bool _ended;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return _lines.ToArray();
            }
        }
    }

    /// <returns>The first line, past or to come, that fits; null if time or the stream ran out.</returns>
    public string? WaitForLine(Predicate<string> fits, TimeSpan limit)
    {
        DateTime deadline = DateTime.UtcNow + limit;
        int seen = 0;
        lock (_gate)
        {
            while (true)
            {
                for (; seen < _lines.Count; seen++)
                {
                    if (fits(_lines[seen]))
                    {
                        return _lines[seen];
                    }
                }
                TimeSpan left = deadline - DateTime.UtcNow;
                if (_ended || left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                {
                    return null;
                }
            }
        }
    }

    /// <summary>One more line.</summary>
    public void Add(string line)
    {
        log?.WriteLine(line);
        onLine?.Invoke(line);
        lock (_gate)
        {
            _lines.Add(line);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>No more lines come, and the log is whole. May be said more than once, by any thread.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                log?.Dispose();
                _ended = true;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
