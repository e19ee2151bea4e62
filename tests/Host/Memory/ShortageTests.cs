using System;
using System.Text;
using Skerry.Base.Memory;
using Skerry.Base.Text;
using Xunit;

namespace Skerry.Tests.Host.Memory;

/// <summary>Of what was refused, a person learns what it was, how much was needed and how much there was.</summary>
public sealed unsafe class ShortageTests
{
    private QuotaAccount _server;
    private QuotaAccount _own;

    public ShortageTests()
    {
        _server.Endow(new Resources(1 << 20, 100));
        _own.Endow(new Resources(96 << 10, 3));
    }

    [Fact]
    public void TheQuota()
    {
        Assert.Equal(ChargeResult.Ok, _own.Charge(new Resources(64 << 10, 1)));
        Assert.Equal(ChargeResult.OutOfRam, _own.Charge(new Resources(40 << 10, 1)));
        Assert.Equal("its quota does not suffice: 40 KiB more needed, 32 KiB left of it", Words());
    }

    [Fact]
    public void TheQuotaOfCapabilities()
    {
        Assert.Equal(ChargeResult.OutOfCapabilities, _own.Charge(new Resources(4096, 5)));
        Assert.Equal("its quota of capabilities does not suffice: 5 more needed, 3 left of it", Words());
    }

    [Fact]
    public void TheMemoryForTheQuota()
    {
        Assert.Equal(ChargeResult.OutOfRam, Transfer(new Resources(3 << 20, 0)));
        Assert.Equal("the memory here does not suffice for its quota: 3 MiB needed, 1 MiB there", Words());
    }

    [Fact]
    public void TheCapabilitiesForTheQuota()
    {
        Assert.Equal(ChargeResult.OutOfCapabilities, Transfer(new Resources(0, 101)));
        Assert.Equal("the capabilities here do not suffice for its quota: 101 needed, 100 there", Words());
    }

    /// <summary>All but two pages that do not lie together are taken.</summary>
    [Fact]
    public void APieceOfMemory()
    {
        using var workshop = new Workshop();
        UntypedBlock* first = workshop.Untyped.TryAllocate(12);
        UntypedBlock* second = workshop.Untyped.TryAllocate(12);
        UntypedBlock* third = workshop.Untyped.TryAllocate(12);
        Assert.True(second != null);
        for (int bits = Workshop.RootBits; bits >= 12; bits--)
        {
            while (workshop.Untyped.TryAllocate(bits) != null) { }
        }
        workshop.Untyped.Free(first);
        workshop.Untyped.Free(third);
        workshop.Untyped.ForgetRefused();
        Assert.True(workshop.Untyped.TryAllocate(14) == null);
        Assert.Equal(
            "the memory here has no such piece: 16 KiB needed, 8 KiB there in smaller ones",
            Words(workshop.Untyped.RefusedBytes, workshop.Untyped.FreeBytes)
        );
    }

    [Fact]
    public void OnlyWhatWasRefusedSinceCounts()
    {
        Transfer(new Resources(3 << 20, 0));
        _server.ForgetRefused();
        Assert.Equal("records or slots of the server that starts it are used up", Words());
    }

    private ChargeResult Transfer(Resources resources)
    {
        fixed (QuotaAccount* server = &_server)
        fixed (QuotaAccount* own = &_own)
        {
            own->SetReference(server);
            return QuotaAccount.Transfer(server, own, resources);
        }
    }

    private string Words(ulong pieceBytes = 0, ulong freeBytes = 0)
    {
        Span<byte> buffer = stackalloc byte[200];
        var text = new TextBuilder(buffer);
        Shortage.Of(_own, _server, pieceBytes, freeBytes).AppendTo(ref text);
        return Encoding.ASCII.GetString(text.Text);
    }
}
