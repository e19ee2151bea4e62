using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Memory;
using Xunit;

namespace Skerry.Tests.Host.Memory;

/// <summary>Records of two accounts over pages that a double counts.</summary>
public sealed unsafe class RecordPoolTests : IDisposable
{
    private const int Payers = 2;
    private const ulong Quota = 40 * UserLayout.PageSize;
    private const nuint WindowBytes = RecordPool.MaximumPages * (nuint)UserLayout.PageSize;
    private readonly State* _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
    private readonly QuotaAccount* _accounts = (QuotaAccount*)
        NativeMemory.AllocZeroed(Payers, (nuint)sizeof(QuotaAccount));
    private readonly byte*[] _windows = new byte*[Payers];

    public RecordPoolTests()
    {
        _state->Left = int.MaxValue;
        _state->Supply = new RecordSupply
        {
            Server = _state,
            Take = &Take,
            Give = &Give,
        };
        for (int i = 0; i < Payers; i++)
        {
            _windows[i] = (byte*)NativeMemory.AlignedAlloc(WindowBytes, (nuint)UserLayout.PageSize);
            _accounts[i].Endow(new Resources(Quota, 0));
            _accounts[i].Records.Open(&_state->Supply, _accounts + i, (ulong)_windows[i]);
        }
    }

    public void Dispose()
    {
        foreach (byte* window in _windows)
        {
            NativeMemory.AlignedFree(window);
        }
        NativeMemory.Free(_accounts);
        NativeMemory.Free(_state);
    }

    /// <summary>Records never overlap and are zero; what the accounts pay is what there is; at the end all is back.</summary>
    [Fact]
    public void WhatIsThereIsPaid()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var live = new List<(int Payer, int Size, nint Record)>();
            for (int step = 0; step < 2000; step++)
            {
                if (live.Count == 0 || random.Next(1000) < (step / 500 % 2 == 0 ? 650 : 350))
                {
                    int payer = random.Next(Payers);
                    int size = random.Next(4);
                    byte* record = TryTake(payer, size);
                    if (record != null)
                    {
                        AssertZero(record, size);
                        new Span<byte>(record, Bytes(size)).Fill((byte)(step | 1));
                        live.Add((payer, size, (nint)record));
                    }
                }
                else
                {
                    int index = random.Next(live.Count);
                    (int _, int size, nint record) = live[index];
                    AssertWhole((byte*)record, size);
                    GiveBack(size, (byte*)record);
                    live.RemoveAt(index);
                }
                AssertPaid();
            }
            foreach ((int _, int size, nint record) in live)
            {
                AssertWhole((byte*)record, size);
                GiveBack(size, (byte*)record);
            }
            Assert.InRange(_state->Pages, 0, Payers);
        }
        for (int i = 0; i < Payers; i++)
        {
            Assert.Equal(0u, _accounts[i].Records.InUse);
            _accounts[i].Records.Close();
            Assert.Equal(default, _accounts[i].Used);
        }
        Assert.Equal(0, _state->Pages);
    }

    [Fact]
    public void WhoTakesAllHeCanTakesNothingOfOthers()
    {
        int first = TakeAll(0);
        Assert.Equal(Quota, _accounts[0].Used.Ram);
        Assert.Equal(default, _accounts[1].Used);
        Assert.Equal(first, TakeAll(1));
    }

    /// <summary>What could not be had costs nothing.</summary>
    [Fact]
    public void AServerWithoutPagesCostsNothing()
    {
        _state->Left = 0;
        Assert.True(TryTake(0, 0) == null);
        Assert.Equal(default, _accounts[0].Used);
    }

    /// <summary>Who takes and gives one record for ever moves no page.</summary>
    [Fact]
    public void TheLastPageStays()
    {
        for (int i = 0; i < 100; i++)
        {
            GiveBack(3, TryTake(0, 3));
        }
        Assert.Equal(1, _state->Taken);
    }

    private int TakeAll(int payer)
    {
        int count = 0;
        while (TryTake(payer, 1) != null)
        {
            count++;
        }
        return count;
    }

    private void AssertPaid()
    {
        ulong paid = 0;
        for (int i = 0; i < Payers; i++)
        {
            paid += _accounts[i].Used.Ram;
        }
        Assert.Equal((ulong)_state->Pages * UserLayout.PageSize, paid);
    }

    private byte* TryTake(int payer, int size) =>
        size switch
        {
            0 => (byte*)_accounts[payer].Records.TryTake<ulong>(),
            1 => (byte*)_accounts[payer].Records.TryTake<Middle>(),
            2 => (byte*)_accounts[payer].Records.TryTake<Large>(),
            _ => (byte*)_accounts[payer].Records.TryTake<Whole>(),
        };

    private static void GiveBack(int size, byte* record)
    {
        switch (size)
        {
            case 0:
                RecordPool.Give((ulong*)record);
                break;
            case 1:
                RecordPool.Give((Middle*)record);
                break;
            case 2:
                RecordPool.Give((Large*)record);
                break;
            default:
                RecordPool.Give((Whole*)record);
                break;
        }
    }

    private static int Bytes(int size) =>
        size switch
        {
            0 => sizeof(ulong),
            1 => sizeof(Middle),
            2 => sizeof(Large),
            _ => sizeof(Whole),
        };

    private static void AssertZero(byte* record, int size) =>
        Assert.Equal(-1, new Span<byte>(record, Bytes(size)).IndexOfAnyExcept((byte)0));

    private static void AssertWhole(byte* record, int size) =>
        Assert.Equal(-1, new Span<byte>(record, Bytes(size)).IndexOfAnyExcept(*record));

    private static bool Take(void* server, ulong address, RecordBacking* backing)
    {
        var state = (State*)server;
        if (state->Left == 0)
        {
            return false;
        }
        state->Left--;
        state->Pages++;
        state->Taken++;
        new Span<byte>((void*)address, (int)UserLayout.PageSize).Clear();
        return true;
    }

    private static void Give(void* server, RecordBacking backing) => ((State*)server)->Pages--;

    private struct State
    {
        public RecordSupply Supply;
        public int Left;
        public int Pages;
        public int Taken;
    }

    /// <summary>A region's size.</summary>
    [System.Runtime.CompilerServices.InlineArray(130)]
    private struct Middle
    {
        private byte _byte;
    }

    [System.Runtime.CompilerServices.InlineArray(700)]
    private struct Large
    {
        private byte _byte;
    }

    /// <summary>All of a page that there is for records.</summary>
    [System.Runtime.CompilerServices.InlineArray(63 * RecordPage.CellBytes)]
    private struct Whole
    {
        private byte _byte;
    }
}
