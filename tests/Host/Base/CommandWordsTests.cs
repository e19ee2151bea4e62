using System;
using System.Text;
using Skerry.Base.Measurement;
using Skerry.Base.Text;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Words of a command line.</summary>
public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("late=1", true)]
    [InlineData("cluster=l2 late=1", true)]
    [InlineData("late=1  icount=1", true)]
    [InlineData("", false)]
    [InlineData("late=10", false)]
    [InlineData("not-late=1", false)]
    public void AWordIsThereAsAWhole(string line, bool there) =>
        Assert.Equal(there, CommandWords.Has(Encoding.ASCII.GetBytes(line), "late=1"u8));

    [Theory]
    [InlineData("seed=7", 7)]
    [InlineData("calls=3 seed=12 era=1", 12)]
    [InlineData("seed=1 seed=2", 2)]
    [InlineData("", 5)]
    [InlineData("seed=", 5)]
    [InlineData("seed=x", 5)]
    [InlineData("noseed=7", 5)]
    public void ANumberStandsBehindItsName(string line, ulong number) =>
        Assert.Equal(number, CommandWords.Number(Encoding.ASCII.GetBytes(line), "seed="u8, 5));

    [Theory]
    [InlineData("a=1 median=7 b=2", "7")]
    [InlineData("median=", "")]
    [InlineData("the-median=7", null)]
    public void WhatStandsBehindAName(string line, string? value)
    {
        bool found = CommandWords.TryFind(Encoding.ASCII.GetBytes(line), "median="u8, out ReadOnlySpan<byte> text);
        Assert.Equal(value, found ? Encoding.ASCII.GetString(text) : null);
    }

    [Theory]
    [InlineData("cluster=l2 icount=1", true)]
    [InlineData("icount=10", false)]
    [InlineData("noicount=1", false)]
    public void CountingIsSaidByAWholeWord(string line, bool counts) =>
        Assert.Equal(counts, BenchLine.CountsInstructions(Encoding.ASCII.GetBytes(line)));
}
