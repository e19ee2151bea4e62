using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Skerry.Qemu.Machines;

/// <summary>Gathers the lines of a stream as they come, and lets others wait for one.</summary>
internal sealed class SerialConsole
{
    private readonly TextReader _reader;
    private readonly TextWriter? _log;
    private readonly Action<string>? _onLine;
    private readonly Task _pump;

    /// <summary>Protects <see cref="_lines"/> and <see cref="_ended"/>; pulsed whenever one changes.</summary>
    private readonly object _gate = new();
    private readonly List<string> _lines = [];
    private bool _ended;

    /// <param name="reader">Read to its end by a thread of its own.</param>
    /// <param name="log">Where every line is saved at once; closed at the end.</param>
    /// <param name="onLine">Called for every line, by the reading thread.</param>
    public SerialConsole(TextReader reader, TextWriter? log = null, Action<string>? onLine = null)
    {
        _reader = reader;
        _log = log;
        _onLine = onLine;
        _pump = Task.Factory.StartNew(Pump, TaskCreationOptions.LongRunning);
    }

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

    /// <summary>Waits until the stream has ended and all its lines are here.</summary>
    public void WaitForEnd() => _pump.Wait();

    private void Pump()
    {
        try
        {
            while (_reader.ReadLine() is { } line)
            {
                _log?.WriteLine(line);
                _onLine?.Invoke(line);
                lock (_gate)
                {
                    _lines.Add(line);
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (IOException)
        {
            // The process was killed while the pipe was read; what came until then is kept.
        }
        finally
        {
            _log?.Dispose();
            lock (_gate)
            {
                _ended = true;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
