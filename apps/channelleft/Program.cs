using System;
using System.Runtime;
using Skerry.Apps.Channel;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ChannelLeft;

/// <summary>
/// Sends numbered messages to channel-right, which may be in another cluster, checks what comes back, and says what a
/// message costs: first while both ends poll, when no doorbell rings, then while both sleep.
/// </summary>
internal static class Program
{
    private static Samples sends;
    private static Samples roundTrips;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ChannelResult opened = ComponentChannel.Open(in environment, ""u8, 0, out ComponentChannel channel);
        if (opened != ChannelResult.Ok)
        {
            environment.Log.WriteLine("the channel could not be opened"u8);
            return ChannelFailure.NotOpened;
        }
        ulong wrong = 0;
        bool complete = true;
        for (ulong i = 0; i < ChannelTraffic.PolledMessages && complete; i++)
        {
            complete = Exchange(ref channel, i, sleeps: false, ref wrong);
        }
        ulong rungPolling = channel.Rung;
        Report(in environment);
        const ulong all = ChannelTraffic.PolledMessages + ChannelTraffic.SleepingMessages;
        for (ulong i = ChannelTraffic.PolledMessages; i < all && complete; i++)
        {
            complete = Exchange(ref channel, i, sleeps: true, ref wrong);
        }
        Report(in environment, in channel, rungPolling, wrong, complete);
        return !complete ? ChannelFailure.PeerGone
            : wrong != 0 ? ChannelFailure.WrongMessages
            : ExitValue.Success;
    }

    /// <summary>One message there and its answer back; false if the other end has gone.</summary>
    private static bool Exchange(ref ComponentChannel channel, ulong number, bool sleeps, ref ulong wrong)
    {
        ChannelWords words = default;
        ChannelTraffic.Fill(ref words, number, ChannelTraffic.Question);
        sends.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
        roundTrips.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
        ulong start = SystemCalls.ReadTimeStampCounter();
        // There is room: at most one message is under way.
        bool sent = channel.TrySend(in words, ChannelTraffic.Question);
        ulong end = SystemCalls.ReadTimeStampCounter();
        ChannelResult result = sleeps
            ? channel.Receive(out words, out ushort tag)
            : channel.ReceivePolling(out words, out tag);
        ulong back = SystemCalls.ReadTimeStampCounter();
        if (!sleeps)
        {
            sends.Add(end - start);
            roundTrips.Add(back - start);
        }
        wrong += ChannelTraffic.IsRight(in words, number, tag, ChannelTraffic.Answer) ? 0u : 1u;
        return sent && result == ChannelResult.Ok;
    }

    private static void Report(in Environment environment)
    {
        Span<byte> buffer = stackalloc byte[2 * BenchLine.MaximumBytes];
        var text = new TextBuilder(buffer);
        BenchLine.Append(ref text, "channel-message"u8, ref sends, environment.Arguments);
        BenchLine.Append(ref text, "channel-roundtrip"u8, ref roundTrips, environment.Arguments);
        environment.Log.Write(in text);
    }

    private static void Report(
        in Environment environment,
        in ComponentChannel channel,
        ulong rungPolling,
        ulong wrong,
        bool complete
    )
    {
        Span<byte> buffer = stackalloc byte[2 * BenchLine.MaximumBytes];
        var text = new TextBuilder(buffer);
        text.AppendDecimal(channel.Sent).Append(" messages sent; doorbells rung: "u8).AppendDecimal(rungPolling);
        text.Append(" while the other end polled, "u8).AppendDecimal(channel.Rung - rungPolling);
        text.Append(" while it slept\n"u8);
        bool passed = complete && wrong == 0;
        text.Append("@test channel-messages "u8).Append(passed ? "pass "u8 : "fail "u8).AppendDecimal(wrong);
        text.Append(complete ? " wrong answers\n"u8 : " wrong answers before the other end went\n"u8);
        environment.Log.Write(in text);
    }
}
