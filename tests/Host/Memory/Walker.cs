using System;
using System.Collections.Generic;
using System.Threading;

namespace Skerry.Tests.Host.Memory;

/// <summary>A thread of <see cref="Interleavings"/>, with the writes that others do not see yet.</summary>
internal sealed unsafe class Walker
{
    private readonly Interleavings _all;
    private readonly Action _body;
    private readonly List<(nint Word, int Value)> _writes = [];
    private ulong _place;
    private ulong _placeBeforeLook;
    private int _seen;
    private bool _waits;
    private bool _isLocked;

    public Walker(Interleavings all, int number, Action body)
    {
        _all = all;
        _body = body;
        Number = number;
        Thread = new Thread(Live);
        Thread.Start();
    }

    /// <summary>The one that the running thread is.</summary>
    [field: ThreadStatic]
    public static Walker? Current { get; private set; }

    public int Number { get; }

    public Thread Thread { get; }

    public SemaphoreSlim Turn { get; } = new(0);

    /// <summary>Given when another order is begun, or none is any more.</summary>
    public SemaphoreSlim Start { get; } = new(0);

    /// <summary>That it drew last; less than 0 if it has drawn none, or has let it go.</summary>
    public int Ticket { get; set; }

    public bool IsDone { get; private set; }

    public bool HasWrites => _writes.Count != 0;

    public static ulong Mix(ulong state, ulong word)
    {
        ulong mixed = (state ^ word) * 0x9e37_79b9_7f4a_7c15;
        return mixed ^ (mixed >> 29) ^ (state << 7);
    }

    public void Begin()
    {
        _writes.Clear();
        _place = 0;
        _placeBeforeLook = 0;
        _waits = false;
        _isLocked = false;
        IsDone = false;
        Ticket = -1;
        while (Turn.Wait(0)) { }
        Start.Release();
    }

    public bool MayStep(int changes) => !IsDone && !(_waits && _seen == changes) && !(_isLocked && HasWrites);

    public void WriteOldest()
    {
        *(int*)_writes[0].Word = _writes[0].Value;
        _writes.RemoveAt(0);
    }

    public ulong State(int changes)
    {
        ulong state = Mix(_place, (IsDone ? 1u : 0) + (_waits ? 2u : 0) + (_waits && _seen == changes ? 4u : 0));
        foreach ((nint word, int value) in _writes)
        {
            state = Mix(Mix(state, (ulong)word), (uint)value);
        }
        return state;
    }

    public int Read(ref int word)
    {
        Await(false, false);
        nint address = AddressOf(ref word);
        int own = _writes.FindLastIndex(write => write.Word == address);
        int value = own < 0 ? word : _writes[own].Value;
        _placeBeforeLook = _place;
        _seen = _all.Changes;
        Note((uint)value);
        return value;
    }

    public void Write(ref int word, int value)
    {
        Await(false, false);
        _writes.Add((AddressOf(ref word), value));
        Note((uint)value);
    }

    /// <summary>A step that nothing comes between, and that no write of its own is behind.</summary>
    public int Exchange(ref int word, Func<int, int> next)
    {
        Await(true, false);
        int before = word;
        word = next(before);
        _all.Changed();
        Note((uint)before);
        return before;
    }

    /// <summary>The same for a ticket, which is kept.</summary>
    public int Draw(ref int word) => Ticket = Exchange(ref word, static before => before + 1);

    public void Wait()
    {
        Await(false, true);
        _place = _placeBeforeLook;
    }

    /// <summary>Others may have their steps here.</summary>
    public void Pause()
    {
        Await(false, false);
        Note(1);
    }

    /// <summary>What else it has learned: it stands elsewhere than with another number.</summary>
    public void Note(ulong number) => _place = Mix(_place + 1, number);

    // Safety: the words lie in native memory.
    private static nint AddressOf(ref int word) => (nint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref word);

    private void Await(bool isLocked, bool waits)
    {
        _isLocked = isLocked;
        _waits = waits;
        if (!_all.GoOn(this))
        {
            if (!_all.IsAbandoned)
            {
                Turn.Wait();
            }
            if (_all.IsAbandoned)
            {
                throw new OperationCanceledException();
            }
        }
        _isLocked = false;
        _waits = false;
    }

    private void Live()
    {
        Current = this;
        while (true)
        {
            Start.Wait();
            if (_all.IsOver)
            {
                return;
            }
            Turn.Wait();
            try
            {
                if (!_all.IsAbandoned)
                {
                    Note(1);
                    _body();
                }
            }
            catch (OperationCanceledException) { }
            catch (Exception failure)
            {
                _all.Fail(failure);
            }
            IsDone = true;
            if (!_all.IsAbandoned)
            {
                _all.GoOn(null);
            }
            _all.Ended();
        }
    }
}
