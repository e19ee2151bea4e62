using System;
using System.Diagnostics;
using System.Threading;
using Skerry.Base.Channels;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>A channel between real threads that only spin.</summary>
public class ChannelThreadTests
{
    private const int Messages = 1_000_000;

    /// <summary>Without a message either way. However busy the host is, each of the two runs within that.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(ChannelLayout.SlotsPerPage)]
    public void MillionsOfMessagesBothWaysArriveOnceAndInOrder(int slots)
    {
        int messages = slots == ChannelLayout.SlotsPerPage ? Messages : Messages / 20;
        using var memory = new ChannelMemory(slots);
        Channel left = memory.Left;
        Channel right = memory.Right;
        string? mistake = null;
        var other = new Thread(() => mistake = Run(right, messages));
        other.Start();
        Assert.Null(Run(left, messages));
        other.Join();
        Assert.Null(mistake);
    }

    /// <summary>Sends and receives in turn until all is through; the answer is what went wrong.</summary>
    private static string? Run(Channel channel, int messages)
    {
        var watch = Stopwatch.StartNew();
        int sent = 0;
        int received = 0;
        ChannelWords words = default;
        while (sent < messages || received < messages)
        {
            Fill(ref words, sent);
            bool progress = sent < messages && channel.TrySend(in words, (ushort)sent);
            sent += progress ? 1 : 0;
            if (channel.TryReceive(out ChannelWords found, out ushort tag))
            {
                if (tag != (ushort)received || !IsFilled(in found, received))
                {
                    return $"message {received} is torn or out of order";
                }
                received++;
                progress = true;
            }
            if (progress)
            {
                watch.Restart();
            }
            else
            {
                if (watch.Elapsed > _limit)
                {
                    return $"stuck after {sent} sent and {received} received";
                }
                Thread.Yield();
            }
        }
        return null;
    }

    private static void Fill(ref ChannelWords words, int number)
    {
        for (int i = 0; i < ChannelWords.Count; i++)
        {
            words[i] = (ulong)number * 31 + (ulong)i;
        }
    }

    private static bool IsFilled(in ChannelWords words, int number)
    {
        for (int i = 0; i < ChannelWords.Count; i++)
        {
            if (words[i] != (ulong)number * 31 + (ulong)i)
            {
                return false;
            }
        }
        return true;
    }
}
