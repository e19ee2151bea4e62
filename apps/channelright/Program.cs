using System;
using System.Runtime;
using Skerry.Apps.Channel;
using Skerry.Base.Channels;
using Skerry.Base.Layout;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ChannelRight;

/// <summary>Checks each message of channel-left and answers it.</summary>
internal static class Program
{
    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        ChannelResult result = ComponentChannel.Open(in environment, ""u8, 0, out ComponentChannel channel);
        if (result != ChannelResult.Ok)
        {
            environment.Log.WriteLine("the channel could not be opened"u8);
            return ChannelFailure.NotOpened;
        }
        ulong wrong = 0;
        const ulong all = ChannelTraffic.PolledMessages + ChannelTraffic.SleepingMessages;
        for (ulong i = 0; i < all && result == ChannelResult.Ok; i++)
        {
            result =
                i < ChannelTraffic.PolledMessages
                    ? channel.ReceivePolling(out ChannelWords words, out ushort tag)
                    : channel.Receive(out words, out tag);
            wrong += ChannelTraffic.IsRight(in words, i, tag, ChannelTraffic.Question) ? 0u : 1u;
            ChannelTraffic.Fill(ref words, i, ChannelTraffic.Answer);
            result = result == ChannelResult.Ok ? channel.Send(in words, ChannelTraffic.Answer) : result;
        }
        Report(in environment, in channel, wrong);
        return result != ChannelResult.Ok ? ChannelFailure.PeerGone
            : wrong != 0 ? ChannelFailure.WrongMessages
            : ExitValue.Success;
    }

    private static void Report(in Environment environment, in ComponentChannel channel, ulong wrong)
    {
        Span<byte> buffer = stackalloc byte[BenchLine.MaximumBytes];
        var text = new TextBuilder(buffer);
        text.AppendDecimal(channel.Sent).Append(" messages answered, "u8).AppendDecimal(wrong);
        text.Append(" of them wrong; doorbells rung: "u8).AppendDecimal(channel.Rung).AppendLine();
        environment.Log.Write(in text);
    }
}
