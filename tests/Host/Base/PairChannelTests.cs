using System;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Two components that ask and answer in turn, asleep most of the time.</summary>
[Collection("Doorbells")]
public sealed unsafe class PairChannelTests : IDisposable
{
    private const int Slots = 4;
    private const int Rounds = 50_000;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);
    private readonly byte* _left = ChannelMemory.Allocate(PairChannel<HostDoorbell.Handle>.MemoryBytes(Slots));
    private readonly byte* _right = ChannelMemory.Allocate(PairChannel<HostDoorbell.Handle>.MemoryBytes(Slots));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_left);
        NativeMemory.AlignedFree(_right);
    }

    [Fact]
    public void QuestionsAndAnswersWakeEachOther()
    {
        (HostDoorbell.All[0], HostDoorbell.All[1]) = (new HostDoorbell(), new HostDoorbell());
        bool answered = false;
        var other = new Thread(() => answered = Answer());
        other.Start();
        SystemCalls.Double = new DoorbellKernel(0);
        var channel = new PairChannel<HostDoorbell.Handle>(_left, _right, Slots, new HostDoorbell.Handle(1));
        ChannelWords words = default;
        for (int i = 0; i < Rounds; i++)
        {
            words[0] = (ulong)i;
            Assert.True(channel.TrySend(in words, 1));
            channel.Receive(default, out ChannelWords answer, out ushort tag);
            Assert.Equal(((ulong)i + 1, 2), (answer[0], tag));
        }
        Assert.True(other.Join(_limit));
        Assert.True(answered);
        Assert.Equal((ulong)Rounds, channel.Sent);
        Assert.True(channel.Rung <= channel.Sent);
        SystemCalls.Double = null;
    }

    [Fact]
    public void TheMemoryHoldsWhatItSays()
    {
        for (int slots = 1; slots < 100; slots++)
        {
            ulong bytes = PairChannel<HostDoorbell.Handle>.MemoryBytes(slots);
            Assert.Equal(slots, PairChannel<HostDoorbell.Handle>.SlotsIn(bytes));
            Assert.Equal(slots - 1, PairChannel<HostDoorbell.Handle>.SlotsIn(bytes - 1));
        }
    }

    private bool Answer()
    {
        SystemCalls.Double = new DoorbellKernel(1);
        var channel = new PairChannel<HostDoorbell.Handle>(_right, _left, Slots, new HostDoorbell.Handle(0));
        for (int i = 0; i < Rounds; i++)
        {
            channel.Receive(default, out ChannelWords words, out _);
            words[0]++;
            if (!channel.TrySend(in words, 2))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Wait on a notification is waiting for the side's own doorbell; a wait without end is a failure.</summary>
    private sealed class DoorbellKernel(int own) : IKernelDouble
    {
        public Status Trap(ref SystemCallFrame frame)
        {
            Assert.Equal(SystemCall.Wait, (SystemCall)frame.Number);
            Assert.True(HostDoorbell.All[own].Wait(_limit), "slept for ever");
            return Status.Ok;
        }
    }
}
