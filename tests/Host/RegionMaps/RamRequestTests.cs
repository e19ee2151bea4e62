using System;
using System.Runtime.InteropServices;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Host.Memory;
using Xunit;

namespace Skerry.Tests.Host.RegionMaps;

/// <summary>Memory that is made ready piece by piece: never more at a time than is asked for, and paid from the beginning.</summary>
public sealed unsafe class RamRequestTests : IDisposable
{
    private const ulong Page = 4096;
    private const ulong All = 1ul << Workshop.RootBits;
    private const ulong Piece = 8 * Page;
    private readonly Workshop _workshop = new();
    private readonly QuotaAccount* _account = (QuotaAccount*)NativeMemory.AllocZeroed((nuint)sizeof(QuotaAccount));

    public RamRequestTests() => _account->Endow(new Resources(All, 40));

    public void Dispose()
    {
        _workshop.Dispose();
        NativeMemory.Free(_account);
    }

    [Fact]
    public void AWholeBlockIsZeroedInPieces()
    {
        Assert.Equal(ChargeResult.Ok, _workshop.Ram.Begin(All / 2, _account, default, out RamRequest request));
        Assert.Equal(new Resources(All / 2, 1), _account->Used);
        Assert.Equal((int)(All / 2 / Piece), GoOn(ref request));
        Assert.Equal(Piece, _workshop.Kernel.LongestZeroing);
        Free(request.Made);
    }

    /// <summary>A page in the middle is taken: it lies in several blocks.</summary>
    [Fact]
    public void PartsAreZeroedInPiecesToo()
    {
        UntypedBlock* taken = _workshop.Untyped.TryAllocateAt(Workshop.RootBase + All / 2, 12);
        ulong free = _workshop.Untyped.FreeBytes;
        Assert.Equal(ChargeResult.Ok, _workshop.Ram.Begin(free, _account, default, out RamRequest request));
        int requests = GoOn(ref request);
        Assert.True(requests > (int)(free / Piece), $"{requests} requests");
        Assert.Equal(Piece, _workshop.Kernel.LongestZeroing);
        Assert.Equal(free, request.Made->Size);
        Assert.Equal(0ul, _workshop.Untyped.FreeBytes);
        Assert.NotEqual(1ul, _account->Used.Capabilities);
        Assert.Equal(free, _account->Used.Ram);
        Free(request.Made);
        _workshop.Untyped.Free(taken);
    }

    /// <summary>Wherever it stands, all is back that it had.</summary>
    [Fact]
    public void WhatIsCancelledLeavesNothing()
    {
        UntypedBlock* taken = _workshop.Untyped.TryAllocateAt(Workshop.RootBase + All / 2, 12);
        ulong free = _workshop.Untyped.FreeBytes;
        bool isReady = false;
        for (int requests = 0; !isReady; requests++)
        {
            _workshop.Ram.Begin(free, _account, default, out RamRequest request);
            for (int i = 0; i < requests; i++)
            {
                Assert.Equal(ChargeResult.Ok, _workshop.Ram.GoOn(ref request, Piece));
            }
            isReady = request.IsReady;
            if (isReady)
            {
                Free(request.Made);
            }
            else
            {
                _workshop.Ram.Cancel(ref request);
            }
            AssertAllIsBack(1ul << 12);
        }
        _workshop.Untyped.Free(taken);
        AssertAllIsBack(0);
    }

    /// <summary>The account has no capability left for the parts that follow.</summary>
    [Fact]
    public void WhatFailsOnTheWayLeavesNothing()
    {
        UntypedBlock* taken = _workshop.Untyped.TryAllocateAt(Workshop.RootBase + All / 2, 12);
        _account->Charge(new Resources(0, 38));
        ulong free = _workshop.Untyped.FreeBytes;
        Assert.Equal(ChargeResult.Ok, _workshop.Ram.Begin(free, _account, default, out RamRequest request));
        ChargeResult result;
        while ((result = _workshop.Ram.GoOn(ref request, Piece)) == ChargeResult.Ok)
        {
            Assert.False(request.IsReady);
        }
        Assert.Equal(ChargeResult.OutOfCapabilities, result);
        Assert.True(request.Made == null);
        _account->Refund(new Resources(0, 38));
        _workshop.Untyped.Free(taken);
        AssertAllIsBack(0);
    }

    /// <returns>How often it had to be asked.</returns>
    private int GoOn(ref RamRequest request)
    {
        int requests = 0;
        while (!request.IsReady)
        {
            Assert.Equal(ChargeResult.Ok, _workshop.Ram.GoOn(ref request, Piece));
            requests++;
        }
        return requests;
    }

    private void Free(Dataspace* dataspace)
    {
        Assert.True(dataspace->Account == _account);
        _workshop.Mapping.FreeDataspace(dataspace);
        Assert.Equal(default, _account->Used);
    }

    private void AssertAllIsBack(ulong but)
    {
        Assert.Equal(default, _account->Used);
        Assert.Equal(_workshop.Untyped.TotalBytes - but, _workshop.Untyped.FreeBytes);
        Assert.Equal(0u, _workshop.RecordsInUse);
    }
}
