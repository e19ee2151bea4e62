using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Skerry.Abi;

namespace Skerry.Base.Memory;

/// <summary>
/// What a server knows of one account's owner, in pages that this account pays for: it can use up nobody else's. A page
/// that is empty goes back, but for one, so that nobody makes and frees one with each request.
/// </summary>
public unsafe struct RecordPool
{
    /// <summary>Pages that a pool has at most: what one page table shows.</summary>
    public const int MaximumPages = 512;

    private static Resources PageCost => new(UserLayout.PageSize, 0);

    /// <summary>Protects all of it; taken inside all locks but those of accounts and of untyped memory.</summary>
    private ExclusiveLock _lock;
    private RecordSupply* _supply;
    private QuotaAccount* _payer;

    /// <summary>The server's own: its pages come from here, and stay.</summary>
    private ServerMemory* _own;
    private ulong _window;

    /// <summary>A bit for each page of the window, set where there is one.</summary>
    private PageBits _pages;
    private RecordPage* _withRoom;
    private RecordPage* _empty;

    /// <summary>Records handed out and not given back.</summary>
    public uint InUse { get; private set; }

    /// <summary>Bytes that are paid for and hold no record.</summary>
    public readonly ulong SpareBytes => _empty != null ? UserLayout.PageSize : 0;

    public readonly bool IsOpen => _supply != null || _own != null;

    /// <summary>Where the records are that an account pays for; those of an account without any are the server's own.</summary>
    public static RecordPool* For(QuotaAccount* account, RecordPool* own) =>
        account != null && account->Records.IsOpen ? &account->Records : own;

    /// <summary>For the server's own records.</summary>
    public void OpenOwn(ServerMemory* memory) => _own = memory;

    /// <param name="supply">Where pages come from.</param>
    /// <param name="payer">Who pays for them. The pool is in use until <see cref="Close"/>.</param>
    /// <param name="window">Where they are shown: addresses for as many as there may be.</param>
    public void Open(RecordSupply* supply, QuotaAccount* payer, ulong window)
    {
        _supply = supply;
        _payer = payer;
        _window = window;
    }

    /// <summary>Gives the last page back. All records have been given back.</summary>
    public void Close()
    {
        if (_empty != null && _own == null)
        {
            Shrink(_empty);
        }
        _empty = null;
        _supply = null;
    }

    /// <summary>A zeroed record, or null if the payer's memory is used up, or the server's.</summary>
    public T* TryTake<T>()
        where T : unmanaged
    {
        int cells = RecordPage.CellsOf(sizeof(T));
        _lock.Acquire();
        RecordPage* page = PageWithRoom(cells);
        void* record = null;
        if (page != null)
        {
            int cell = BitRuns.Find(page->FreeCells, cells);
            page->FreeCells &= ~(BitRuns.Mask(cells) << cell);
            record = (byte*)page + cell * RecordPage.CellBytes;
            InUse++;
            if (page->FreeCells == 0)
            {
                Unlink(page);
            }
        }
        _lock.Release();
        if (record != null)
        {
            new Span<byte>(record, cells * RecordPage.CellBytes).Clear();
        }
        return (T*)record;
    }

    /// <summary>The record must have come from a pool and must not be used any more.</summary>
    public static void Give<T>(T* record)
        where T : unmanaged
    {
        int cells = RecordPage.CellsOf(sizeof(T));
        // What is used after it was given back shows as an address that nothing is mapped at.
        new Span<byte>(record, cells * RecordPage.CellBytes).Fill(0xdd);
        RecordPage* page = RecordPage.Of(record);
        page->Owner->GiveCells(page, (int)((byte*)record - (byte*)page) / RecordPage.CellBytes, cells);
    }

    private void GiveCells(RecordPage* page, int cell, int cells)
    {
        _lock.Acquire();
        if (page->FreeCells == 0)
        {
            Link(page);
        }
        page->FreeCells |= BitRuns.Mask(cells) << cell;
        InUse--;
        if (page->FreeCells == RecordPage.AllFree)
        {
            Unlink(page);
            if (_empty == null)
            {
                _empty = page;
            }
            else if (_own == null)
            {
                Shrink(page);
            }
            else
            {
                Link(page);
            }
        }
        _lock.Release();
    }

    /// <summary>One that has a run of free cells, which is linked from now on; the lock is held.</summary>
    private RecordPage* PageWithRoom(int cells)
    {
        RecordPage* page = _withRoom;
        while (page != null && BitRuns.Find(page->FreeCells, cells) == BitRuns.WordBits)
        {
            page = page->Next;
        }
        if (page != null)
        {
            return page;
        }
        page = _empty != null ? _empty : Grow();
        _empty = null;
        if (page != null)
        {
            Link(page);
        }
        return page;
    }

    /// <summary>A fresh page, in no list; null if it can't be paid or is not there.</summary>
    private RecordPage* Grow()
    {
        RecordBacking backing = default;
        RecordPage* page = _own != null ? (RecordPage*)_own->TryTake(UserLayout.PageSize) : GrowWindow(&backing);
        if (page != null)
        {
            page->FreeCells = RecordPage.AllFree;
            page->Backing = backing;
            // Safety: pools lie in records that do not move.
            page->Owner = (RecordPool*)Unsafe.AsPointer(ref this);
        }
        return page;
    }

    private RecordPage* GrowWindow(RecordBacking* backing)
    {
        int index = FirstFree();
        if (_supply == null || index == MaximumPages || _payer->Charge(PageCost) != ChargeResult.Ok)
        {
            return null;
        }
        ulong address = _window + (ulong)index * UserLayout.PageSize;
        if (!_supply->Take(_supply->Server, address, backing))
        {
            _payer->Refund(PageCost);
            return null;
        }
        _pages[index / BitRuns.WordBits] |= 1ul << (index % BitRuns.WordBits);
        return (RecordPage*)address;
    }

    private void Shrink(RecordPage* page)
    {
        int index = (int)(((ulong)page - _window) / UserLayout.PageSize);
        _pages[index / BitRuns.WordBits] &= ~(1ul << (index % BitRuns.WordBits));
        _supply->Give(_supply->Server, page->Backing);
        _payer->Refund(PageCost);
    }

    private readonly int FirstFree()
    {
        int word = 0;
        while (word < PageBits.Words && _pages[word] == ulong.MaxValue)
        {
            word++;
        }
        return word == PageBits.Words
            ? MaximumPages
            : word * BitRuns.WordBits + BitOperations.TrailingZeroCount(~_pages[word]);
    }

    private void Link(RecordPage* page)
    {
        page->Previous = null;
        page->Next = _withRoom;
        if (_withRoom != null)
        {
            _withRoom->Previous = page;
        }
        _withRoom = page;
    }

    private void Unlink(RecordPage* page)
    {
        if (page->Previous != null)
        {
            page->Previous->Next = page->Next;
        }
        else
        {
            _withRoom = page->Next;
        }
        if (page->Next != null)
        {
            page->Next->Previous = page->Previous;
        }
    }

    [InlineArray(Words)]
    private struct PageBits
    {
        public const int Words = MaximumPages / BitRuns.WordBits;

        private ulong _word;
    }
}
