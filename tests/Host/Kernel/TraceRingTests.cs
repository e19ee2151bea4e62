using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Measurement;
using Skerry.Kernel.Tracing;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The ring of kernel entries: one writes, another reads without asking.</summary>
public sealed unsafe class TraceRingTests : System.IDisposable
{
    private const ulong Pages = 1;
    private const ulong Capacity = 126;

    private readonly byte* _ring = (byte*)NativeMemory.AlignedAlloc((nuint)UserLayout.PageSize, 64);
    private TraceWriter _writer;

    public TraceRingTests()
    {
        new System.Span<byte>(_ring, (int)UserLayout.PageSize).Fill(0xcc);
        _writer.Open(_ring, Pages, cpu: 3);
    }

    public void Dispose() => NativeMemory.AlignedFree(_ring);

    [Fact]
    public void APageHolds126Records() => Assert.Equal(Capacity, TraceRing.CapacityOf(Pages));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(512, true)]
    [InlineData(1024, false)]
    public void ARingIsAPowerOfTwoOfPages(ulong pages, bool expected) =>
        Assert.Equal(expected, TraceRing.IsSize(pages));

    [Fact]
    public void WhatIsWrittenIsReadInOrder()
    {
        var reader = new TraceReader((ulong)_ring);
        Assert.False(reader.TryRead(out _));
        for (ulong i = 0; i < 3; i++)
        {
            ulong second = TraceRecord.SecondWord(i + 10, TraceKind.SystemCall, TraceFlags.Fast, 2, 6, 15);
            _writer.Write(i, second, 77, 5);
        }
        for (ulong i = 0; i < 3; i++)
        {
            Assert.True(reader.TryRead(out TraceRecord record));
            Assert.Equal(i, record.Start);
            Assert.Equal(i + 10, record.Duration);
            Assert.Equal(TraceKind.SystemCall, record.Kind);
            Assert.Equal(TraceFlags.Fast, record.Flags);
            Assert.Equal((2, 6, 15), (record.Code, record.Label, record.Status));
            Assert.Equal((77ul, 5ul), (record.Thread, record.Object));
        }
        Assert.False(reader.TryRead(out _));
        Assert.Equal(0ul, reader.Lost);
    }

    [Fact]
    public void WhatDoesNotFitIsToldAsTheLargest()
    {
        _writer.Write(0, TraceRecord.SecondWord(1ul << 32, TraceKind.Vector, 0, 256, ulong.MaxValue, 1000), 0, 0);
        Assert.True(new TraceReader((ulong)_ring).TryRead(out TraceRecord record));
        Assert.Equal(uint.MaxValue, record.Duration);
        Assert.Equal((255, 255, 255), (record.Code, record.Label, record.Status));
        Assert.Equal(TraceKind.Vector, record.Kind);
    }

    [Fact]
    public void TheOldestAreLostFirst()
    {
        var reader = new TraceReader((ulong)_ring);
        for (ulong i = 0; i < Capacity + 10; i++)
        {
            _writer.Write(i, 0, 0, 0);
        }
        Assert.True(reader.TryRead(out TraceRecord record));
        // One place may always be under way.
        Assert.Equal(11ul, record.Start);
        Assert.Equal(11ul, reader.Lost);
        for (ulong i = 12; i < Capacity + 10; i++)
        {
            Assert.True(reader.TryRead(out record));
            Assert.Equal(i, record.Start);
        }
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void ATraceThatStartsAnewIsReadFromItsStart()
    {
        var reader = new TraceReader((ulong)_ring);
        _writer.Write(1, 0, 0, 0);
        _writer.Write(2, 0, 0, 0);
        Assert.True(reader.TryRead(out _) && reader.TryRead(out _));
        _writer.Open(_ring, Pages, cpu: 3);
        _writer.Write(3, 0, 0, 0);
        Assert.True(reader.TryRead(out TraceRecord record));
        Assert.Equal(3ul, record.Start);
    }

    /// <summary>The writer goes by its own account, whatever a user writes into the ring.</summary>
    [Fact]
    public void ADamagedHeaderDoesNotLeadTheWriterAstray()
    {
        new System.Span<byte>(_ring, TraceRing.HeaderBytes).Fill(0xff);
        for (ulong i = 0; i < 3 * Capacity; i++)
        {
            _writer.Write(i, 0, 0, 0);
        }
        Assert.Equal(3 * Capacity, *(ulong*)(_ring + TraceRing.WrittenOffset));
        Assert.False(new TraceReader((ulong)_ring).TryRead(out _));
    }

    /// <summary>
    /// A writer that never waits, and a reader: whatever the reader takes for valid is one record, not parts of two, and
    /// all that it did not get it knows of.
    /// </summary>
    [Fact]
    public void AReaderNeverTakesPartsOfTwoRecordsForOne()
    {
        const ulong records = 5_000_000;
        var ring = (nuint)_ring;
        var writing = new System.Threading.Thread(() => WriteAll((byte*)ring, records));
        var reader = new TraceReader((ulong)_ring);
        ulong got = 0;
        ulong torn = 0;
        ulong disordered = 0;
        ulong last = 0;
        writing.Start();
        bool ended = false;
        while (true)
        {
            if (!reader.TryRead(out TraceRecord record))
            {
                if (ended)
                {
                    break;
                }
                ended = writing.Join(0);
                continue;
            }
            got++;
            bool whole =
                record.Thread == ~record.Start
                && record.Object == record.Start * 3
                && record.Duration == (uint)record.Start;
            torn += whole ? 0ul : 1;
            disordered += record.Start > last ? 0ul : 1;
            last = record.Start;
        }
        Assert.Equal((0ul, 0ul), (torn, disordered));
        Assert.Equal(records, got + reader.Lost);
        Assert.Equal(records, last);
    }

    /// <summary>Without the second look at the count, a reader would take such parts: the test above can fail.</summary>
    [Fact]
    public void ARecordThatIsOverwrittenMeanwhileIsTorn()
    {
        for (ulong i = 0; i < Capacity; i++)
        {
            _writer.Write(i, i, i, i);
        }
        // As the kernel does it, half of record Capacity into the place of record 0, which is not counted yet.
        *(ulong*)(_ring + TraceRing.HeaderBytes) = Capacity;
        var reader = new TraceReader((ulong)_ring);
        Assert.True(reader.TryRead(out TraceRecord record));
        Assert.Equal(1ul, record.Start);
        Assert.Equal(1ul, record.Thread);
    }

    private static void WriteAll(byte* ring, ulong records)
    {
        TraceWriter writer = default;
        writer.Open(ring, Pages, 0);
        for (ulong i = 1; i <= records; i++)
        {
            writer.Write(i, TraceRecord.SecondWord((uint)i, TraceKind.Vector, 0, 0, 0, 0), ~i, i * 3);
        }
    }
}
