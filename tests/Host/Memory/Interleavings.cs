using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Skerry.Tests.Host.Memory;

/// <summary>
/// Goes through every order in which a few threads may take their steps at words that they share, as x86 CPUs take them: each
/// has a queue of writes, which others see later, one by one (Owens, Sarkar, Sewell 2009). One thread runs at a time.
/// </summary>
/// <remarks>
/// Where a thread stands is told by all that it has read, and what is the same state is not gone on from twice. A wait takes
/// back the look before it: whoever looks again stands where he stood, and has no turn before a word has changed.
/// </remarks>
internal sealed unsafe class Interleavings : IDisposable
{
    private readonly Walker[] _walkers;
    private readonly int* _words;
    private readonly int _count;
    private readonly HashSet<ulong> _met = [];
    private readonly List<(int Choice, int Of)> _path = [];
    private readonly SemaphoreSlim _idle = new(0);
    private int _depth;
    private int _left;
    private bool _isAbandoned;
    private bool _isOver;

    /// <param name="bodies">What each thread does; run anew for each order.</param>
    /// <param name="words">The words that they share, all at 0 at first.</param>
    /// <param name="count">How many there are.</param>
    public Interleavings(IEnumerable<Action> bodies, int* words, int count)
    {
        _words = words;
        _count = count;
        _walkers = [.. bodies.Select((body, i) => new Walker(this, i, body))];
    }

    /// <summary>What went wrong first; null if nothing has.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>That were met.</summary>
    public int States => _met.Count;

    /// <summary>Those that have drawn a ticket and not let it go.</summary>
    public IEnumerable<Walker> Waiting => _walkers.Where(static walker => walker.Ticket >= 0);

    /// <summary>Nobody goes on with this order.</summary>
    public bool IsAbandoned => _isAbandoned;

    /// <summary>There is no other order.</summary>
    public bool IsOver => _isOver;

    /// <summary>How often a word was written, as others see it.</summary>
    public int Changes { get; private set; }

    public void Dispose()
    {
        _isOver = true;
        foreach (Walker walker in _walkers)
        {
            walker.Start.Release();
            walker.Thread.Join();
            walker.Turn.Dispose();
            walker.Start.Dispose();
        }
        _idle.Dispose();
    }

    /// <summary>All orders, or as many as it takes until something goes wrong.</summary>
    public void Explore(Action begin)
    {
        do
        {
            new Span<int>(_words, _count).Clear();
            begin();
            _depth = 0;
            Changes = 0;
            _isAbandoned = false;
            _left = _walkers.Length;
            foreach (Walker walker in _walkers)
            {
                walker.Begin();
            }
            GoOn(null);
            _idle.Wait();
        } while (Failure == null && HasAnother());
    }

    public void Fail(Exception reason)
    {
        Failure ??= reason;
        Abandon();
    }

    /// <summary>Whoever runs is about to take a step, or has ended; the next step may be another's.</summary>
    /// <returns>Whether it is to go on now; if not, it waits for its turn.</returns>
    public bool GoOn(Walker? self)
    {
        while (!_isAbandoned)
        {
            List<(Walker Walker, bool Writes)> steps = Steps();
            if (steps.Count == 0)
            {
                if (_walkers.Any(static w => !w.IsDone))
                {
                    Fail(new InvalidOperationException("everybody waits"));
                }
                return false;
            }
            int choice = Choose(steps.Count);
            if (choice < 0)
            {
                Abandon();
                break;
            }
            (Walker walker, bool writes) = steps[choice];
            if (writes)
            {
                walker.WriteOldest();
                Changed();
            }
            else if (walker == self)
            {
                return true;
            }
            else
            {
                walker.Turn.Release();
                return false;
            }
        }
        return false;
    }

    public void Changed() => Changes++;

    public void Ended()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            _idle.Release();
        }
    }

    private List<(Walker Walker, bool Writes)> Steps()
    {
        var steps = new List<(Walker, bool)>();
        foreach (Walker walker in _walkers)
        {
            if (walker.MayStep(Changes))
            {
                steps.Add((walker, false));
            }
            if (walker.HasWrites)
            {
                steps.Add((walker, true));
            }
        }
        return steps;
    }

    /// <returns>Less than 0: what follows from here is known.</returns>
    private int Choose(int of)
    {
        if (_depth == _path.Count)
        {
            if (!_met.Add(State()))
            {
                return -1;
            }
            _path.Add((0, of));
        }
        return _path[_depth++].Choice;
    }

    private bool HasAnother()
    {
        while (_path.Count != 0 && _path[^1].Choice + 1 == _path[^1].Of)
        {
            _path.RemoveAt(_path.Count - 1);
        }
        if (_path.Count == 0)
        {
            return false;
        }
        _path[^1] = (_path[^1].Choice + 1, _path[^1].Of);
        return true;
    }

    private void Abandon()
    {
        _isAbandoned = true;
        foreach (Walker walker in _walkers)
        {
            walker.Turn.Release();
        }
    }

    private ulong State()
    {
        ulong state = 0;
        for (int i = 0; i < _count; i++)
        {
            state = Walker.Mix(state, (uint)_words[i]);
        }
        foreach (Walker walker in _walkers)
        {
            state = Walker.Mix(state, walker.State(Changes));
        }
        return state;
    }
}
