using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Heap;
using Xunit;

namespace Skerry.Tests.Host.Base;

public unsafe class ArenaTests
{
    private const ulong Budget = 4 << 20;

    [Fact]
    public void ObjectsDoNotOverlapAndAreZero()
    {
        Prop.ForAll<ushort[]>(sizes =>
            {
                using var memory = new TestMemory(Budget);
                var pool = new ChunkPool<TestMemory.Source>(memory.Handle);
                var arena = new Arena();
                ulong end = 0;
                var all = new List<(ulong Start, ulong Bytes)>();
                foreach (ushort size in sizes)
                {
                    Assert.True(arena.TryAllocate(ref pool, size, out ulong address));
                    Assert.Equal(0ul, address % 8);
                    Span<byte> bytes = new((void*)address, size);
                    Assert.False(bytes.ContainsAnyExcept((byte)0), "memory is not zero");
                    bytes.Fill(0xaa);
                    all.Add((address, size));
                    end = address + size;
                }
                (ulong Start, ulong Bytes)[] ordered = all.Where(o => o.Bytes != 0).OrderBy(o => o.Start).ToArray();
                Assert.All(
                    ordered.Zip(ordered.Skip(1)),
                    p => Assert.True(p.First.Start + p.First.Bytes <= p.Second.Start)
                );
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void AScopeGivesEverythingBackAndItsMemoryIsZeroAgain()
    {
        using var memory = new TestMemory(Budget);
        var pool = new ChunkPool<TestMemory.Source>(memory.Handle);
        var arena = new Arena();
        Assert.True(arena.TryAllocate(ref pool, 100, out _));
        ulong used = 0;
        for (int round = 0; round < 1000; round++)
        {
            ArenaMark mark = arena.Mark;
            for (int i = 0; i < 10; i++)
            {
                Assert.True(arena.TryAllocate(ref pool, 20_000, out ulong address));
                Span<byte> bytes = new((void*)address, 20_000);
                Assert.False(bytes.ContainsAnyExcept((byte)0));
                bytes.Fill(0x55);
            }
            arena.ReleaseTo(ref pool, mark);
            used = round == 0 ? memory.Used : used;
        }
        Assert.Equal(used, memory.Used);
    }

    [Fact]
    public void AnObjectLargerThanAChunkGetsItsOwn()
    {
        using var memory = new TestMemory(Budget);
        var pool = new ChunkPool<TestMemory.Source>(memory.Handle);
        var arena = new Arena();
        Assert.True(arena.TryAllocate(ref pool, 1 << 20, out ulong address));
        new Span<byte>((void*)address, 1 << 20).Fill(1);
    }

    [Theory]
    [InlineData(Budget + 1)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 100_000)]
    public void ExhaustionIsSaidAndChangesNothing(ulong bytes)
    {
        using var memory = new TestMemory(Budget);
        var pool = new ChunkPool<TestMemory.Source>(memory.Handle);
        var arena = new Arena();
        Assert.True(arena.TryAllocate(ref pool, 8, out ulong before));
        Assert.False(arena.TryAllocate(ref pool, bytes, out _));
        Assert.True(arena.TryAllocate(ref pool, 8, out ulong after));
        Assert.Equal(before + 8, after);
    }

    /// <summary>A bounded piece of native memory, handed out front to back.</summary>
    private sealed class TestMemory(ulong budget) : IDisposable
    {
        private readonly byte* _start = (byte*)NativeMemory.AlignedAlloc((nuint)budget, 4096);

        public ulong Used { get; private set; }

        public Source Handle => new(this);

        public void Dispose() => NativeMemory.AlignedFree(_start);

        public readonly struct Source(TestMemory memory) : IHeapMemory
        {
            public bool TryExtend(ulong bytes, out ulong address)
            {
                address = (ulong)memory._start + memory.Used;
                if (bytes > memory.Limit - memory.Used)
                {
                    return false;
                }
                memory.Used += bytes;
                return true;
            }
        }

        private ulong Limit { get; } = budget;
    }
}
