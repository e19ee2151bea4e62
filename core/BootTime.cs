using System;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Base.Text;

namespace Skerry.Core;

/// <summary>How long it took from the machine's reset to the first component of this cluster.</summary>
internal static unsafe class BootTime
{
    private const ulong MillisecondsPerSecond = 1000;

    private static bool isTold;

    /// <summary>Called when a component has been started; tells of the first. The time-stamp counter starts at 0 at reset.</summary>
    public static void Tell(Server* server)
    {
        if (isTold)
        {
            return;
        }
        isTold = true;
        ulong ticks = SystemCalls.ReadTimeStampCounter();
        ulong perMillisecond = server->TscHertz / MillisecondsPerSecond;
        Span<byte> buffer = stackalloc byte[96];
        var text = new TextBuilder(buffer);
        text.Append("@boot first-component cluster="u8).AppendDecimal(server->ClusterId);
        text.Append(" ms="u8).AppendDecimal(perMillisecond == 0 ? 0 : ticks / perMillisecond);
        text.Append(" ticks="u8).AppendDecimal(ticks).AppendLine();
        server->Hooks.Print(text.Text);
    }
}
