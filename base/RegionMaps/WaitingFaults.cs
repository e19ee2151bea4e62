using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// The faults that wait in one region map: for its handler, the oldest first; or, once an attach has covered them or the handler
/// has gone, for no more than that somebody resumes them. Whoever calls holds the lock, but for the counts.
/// </summary>
internal unsafe struct WaitingFaults
{
    /// <summary>Protects all of it, and whether the map is among the <see cref="FaultedMaps"/>; inside the locks of maps.</summary>
    internal ExclusiveLock Lock;
    private uint _waitingCount;
    private uint _coveredCount;
    private DeferredFault* _oldest;
    private DeferredFault* _newest;

    /// <summary>Of which the handler hears next; null if it has heard of all.</summary>
    private DeferredFault* _untold;

    /// <summary>Those that wait to be resumed.</summary>
    private DeferredFault* _covered;

    /// <summary>How many wait for the handler. Without the lock, it may be more or fewer by now.</summary>
    public uint Count => Volatile.Read(ref _waitingCount);

    /// <summary>How many wait to be resumed; the same holds.</summary>
    public uint CoveredCount => Volatile.Read(ref _coveredCount);

    /// <summary>One more that waits for the handler.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(DeferredFault* fault)
    {
        fault->Next = null;
        if (_newest != null)
        {
            _newest->Next = fault;
        }
        else
        {
            _oldest = fault;
        }
        _newest = fault;
        _untold = _untold == null ? fault : _untold;
        _waitingCount++;
    }

    /// <summary>Each that waits for the handler, in turn: from the oldest to the newest, and then from the oldest again.</summary>
    /// <returns>Null if none does.</returns>
    public DeferredFault* Tell()
    {
        DeferredFault* told = _untold == null ? _oldest : _untold;
        _untold = told == null ? null : told->Next;
        return told;
    }

    /// <summary>Those in a range of addresses wait to be resumed from now on.</summary>
    public void Cover(ulong start, ulong size)
    {
        DeferredFault* before = null;
        DeferredFault* next;
        for (DeferredFault* fault = _oldest; fault != null; fault = next)
        {
            next = fault->Next;
            if (fault->Address - start >= size)
            {
                before = fault;
                continue;
            }
            Unlink(fault, before);
            fault->Next = _covered;
            _covered = fault;
            _coveredCount++;
        }
    }

    /// <summary>Takes out one of those that wait to be resumed.</summary>
    /// <returns>Null if none does.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DeferredFault* TakeCovered()
    {
        DeferredFault* fault = _covered;
        if (fault != null)
        {
            _covered = fault->Next;
            _coveredCount--;
        }
        return fault;
    }

    /// <summary>Takes out one of either kind, wherever it is: whose thread is destroyed, or has faulted anew.</summary>
    public void Remove(DeferredFault* fault)
    {
        DeferredFault* before = Before(_oldest, fault);
        if (before != null || _oldest == fault)
        {
            Unlink(fault, before);
            return;
        }
        before = Before(_covered, fault);
        if (before != null)
        {
            before->Next = fault->Next;
        }
        else
        {
            _covered = fault->Next;
        }
        _coveredCount--;
    }

    /// <summary>The one before another; null if that is the first, or not in the list.</summary>
    private static DeferredFault* Before(DeferredFault* first, DeferredFault* fault)
    {
        DeferredFault* before = first;
        while (before != null && before->Next != fault)
        {
            before = before->Next;
        }
        return before;
    }

    /// <summary>Takes out one that waits for the handler, which is behind another, or the oldest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unlink(DeferredFault* fault, DeferredFault* before)
    {
        if (before != null)
        {
            before->Next = fault->Next;
        }
        else
        {
            _oldest = fault->Next;
        }
        _newest = _newest == fault ? before : _newest;
        _untold = _untold == fault ? fault->Next : _untold;
        _waitingCount--;
    }
}
