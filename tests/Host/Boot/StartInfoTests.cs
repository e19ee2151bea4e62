using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Loading;
using Skerry.Boot.Memory;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>PVH's start info, in a buffer that stands for the memory at 0x7000_0000.</summary>
public sealed unsafe class StartInfoTests : IDisposable
{
    private const ulong Base = 0x7000_0000;
    private const int ModuleList = 0x100;
    private const int MemoryMap = 0x200;
    private const int Line = 0x400;
    private const int Bytes = Line + CommandLineBuffer.Capacity + 2;

    private readonly byte* _buffer = (byte*)NativeMemory.AllocZeroed(Bytes);

    public StartInfoTests()
    {
        Word32(0, 0x336e_c578);
        Word32(4, 1);
        Word32(12, 1);
        Word64(16, Base + ModuleList);
        Word64(24, Base + Line);
        Word64(32, 0xf_5a10);
        Word64(40, Base + MemoryMap);
        Word32(48, 2);
        Word64(ModuleList, 0x1ff0_0000);
        Word64(ModuleList + 8, 0x2_3400);
        "cluster=cpu x"u8.CopyTo(new Span<byte>(_buffer + Line, 64));
    }

    public void Dispose() => NativeMemory.Free(_buffer);

    [Fact]
    public void TellsArchiveCommandLineTablesAndMemory()
    {
        Assert.Equal(StartInfoStatus.Valid, Open(out StartInfo info));
        Assert.Equal((0x1ff0_0000ul, 0x2_3400ul), (info.Archive.Base, info.Archive.Length));
        Assert.Equal("cluster=cpu x", Encoding.ASCII.GetString(info.CommandLine));
        Assert.Equal(0xf_5a10ul, info.Rsdp);
        Assert.Equal(2 * MemoryMapReader.EntryBytes, info.MemoryMap.Length);
    }

    [Fact]
    public void AnotherMagicIsRefused()
    {
        Word32(0, 0x2bad_b002);
        Assert.Equal(StartInfoStatus.Missing, Open(out _));
        Word32(0, 0);
        Assert.Equal(StartInfoStatus.Missing, Open(out _));
    }

    /// <summary>The loader writes it over what it has told, up to the NUL, wherever that comes to lie.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public void ACommandLineOverTheStartInfoIsSeen(int bytes)
    {
        new Span<byte>(_buffer, bytes).Fill((byte)'a');
        _buffer[bytes] = 0;
        Assert.Equal(StartInfoStatus.UnderCommandLine, Open(out _));
    }

    [Fact]
    public void WhatIsAbsentIsEmpty()
    {
        Word32(12, 0);
        Word64(24, 0);
        Word32(4, 0);
        Assert.Equal(StartInfoStatus.Valid, Open(out StartInfo info));
        Assert.Equal(0ul, info.Archive.Length);
        Assert.True(info.CommandLine.IsEmpty);
        Assert.True(info.MemoryMap.IsEmpty, "version 0 has no memory map");
    }

    [Fact]
    public void NumbersThatCanNotBeAreNotFollowed()
    {
        Word32(12, uint.MaxValue);
        Word32(48, uint.MaxValue);
        Assert.Equal(StartInfoStatus.Valid, Open(out StartInfo info));
        Assert.Equal(0ul, info.Archive.Length);
        Assert.True(info.MemoryMap.IsEmpty);
    }

    [Fact]
    public void ACommandLineThatIsTooLongIsSeenToBe()
    {
        new Span<byte>(_buffer + Line, CommandLineBuffer.Capacity).Fill((byte)'a');
        Assert.Equal(StartInfoStatus.Valid, Open(out StartInfo info));
        Assert.Equal(CommandLineBuffer.Capacity, info.CommandLine.Length);
        new Span<byte>(_buffer + Line, CommandLineBuffer.Capacity + 2).Fill((byte)'a');
        Assert.Equal(CommandLineBuffer.Capacity + 1, info.CommandLine.Length);
        Assert.False(new CommandLineBuffer().Set(info.CommandLine));
    }

    private StartInfoStatus Open(out StartInfo info) =>
        StartInfo.Open(new PhysicalMemory(_buffer, Base), Base, out info);

    private void Word32(int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(new Span<byte>(_buffer + offset, 4), value);

    private void Word64(int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(_buffer + offset, 8), value);
}
