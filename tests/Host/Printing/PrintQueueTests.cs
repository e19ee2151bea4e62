using System;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using Skerry.Core.Printing;
using Xunit;

namespace Skerry.Tests.Host.Printing;

/// <summary>The lines between those who print and the thread that does.</summary>
public sealed unsafe class PrintQueueTests : IDisposable
{
    private const int Bytes = 64;
    private readonly PrintQueue* _queue = (PrintQueue*)NativeMemory.AllocZeroed((nuint)sizeof(PrintQueue));
    private readonly byte* _memory = (byte*)NativeMemory.AllocZeroed(Bytes);

    public PrintQueueTests() => *_queue = new PrintQueue(_memory, Bytes);

    public void Dispose()
    {
        NativeMemory.Free(_queue);
        NativeMemory.Free(_memory);
    }

    [Fact]
    public void LinesComeOutInOrderAndWhole()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.True(Add($"line {i}"));
            Assert.True(Add(""));
            Assert.Equal($"line {i}", Take());
            Assert.Equal("", Take());
            Assert.Null(Take());
        }
    }

    [Fact]
    public void WhatDoesNotFitIsNotTaken()
    {
        Assert.True(Add(new string('x', 30)));
        Assert.Equal(30, _queue->RoomBeside(0));
        Assert.False(Add(new string('y', 31)));
        Assert.True(Add(new string('y', 30)));
        Assert.False(Add(""));
        Assert.Equal(new string('x', 30), Take());
        Assert.Equal(new string('y', 30), Take());
        Assert.Null(Take());
    }

    /// <summary>However much those write who leave it, there is room for the others.</summary>
    [Fact]
    public void TheShareOfOthersIsLeft()
    {
        while (_queue->TryAdd("flood"u8, 32)) { }
        Assert.True(_queue->RoomBeside(32) < 5);
        Assert.True(_queue->RoomBeside(0) >= 30);
        Assert.True(Add(new string('x', 30)));
    }

    [Fact]
    public void ALineIsPrintedWhenTheNextIsAskedFor()
    {
        Assert.True(_queue->IsPrinted);
        Add("line");
        Assert.False(_queue->IsPrinted);
        Take();
        Assert.False(_queue->IsPrinted);
        Take();
        Assert.True(_queue->IsPrinted);
    }

    [Fact]
    public void WhatIsLongerThanTheTakerIsCutOff()
    {
        Add("longer");
        Add("next");
        Span<byte> three = stackalloc byte[3];
        Assert.True(_queue->TryTake(three, out int bytes));
        Assert.Equal("lon", Encoding.ASCII.GetString(three[..bytes]));
        Assert.Equal("next", Take());
    }

    [Fact]
    public void OneThreadTakesWhatAnotherPutsIn()
    {
        const int lines = 50_000;
        PrintQueue* queue = _queue;
        var producer = new Thread(() =>
        {
            for (int i = 0; i < lines; i++)
            {
                byte[] line = Encoding.ASCII.GetBytes(new string((char)('a' + i % 26), i % 20) + i);
                while (!queue->TryAdd(line, 0))
                {
                    Thread.Yield();
                }
            }
        });
        producer.Start();
        for (int i = 0; i < lines; i++)
        {
            string? line = Take();
            while (line is null)
            {
                Thread.Yield();
                line = Take();
            }
            Assert.Equal(new string((char)('a' + i % 26), i % 20) + i, line);
        }
        producer.Join();
    }

    private bool Add(string line) => _queue->TryAdd(Encoding.ASCII.GetBytes(line), 0);

    private string? Take()
    {
        Span<byte> line = stackalloc byte[Bytes];
        return _queue->TryTake(line, out int bytes) ? Encoding.ASCII.GetString(line[..bytes]) : null;
    }
}
