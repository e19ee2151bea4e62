using System;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Mortal;

/// <summary>
/// Uses a service that ends again and again: its session is dead then, and when it has closed it and asks for another, it waits
/// for the next instance. What it gave is back in the end.
/// </summary>
internal static class User
{
    private const ulong NotOpened = 2;
    private const ulong NotDead = 3;
    private const ulong NotClosed = 4;
    private const ulong NotBack = 5;
    private const int Calls = 6;
    private static readonly Quota _gift = new(8192, 3);

    public static ulong Run(in Environment environment, ulong last)
    {
        environment.Pd.Quota(out QuotaState before);
        int free = CapabilitySlots.FreeCount;
        uint opened = 0;
        uint denied = 0;
        uint dead = 0;
        ulong start = 0;
        while (start != last)
        {
            ParentResult result = environment.OpenSession(
                "Odd"u8,
                ""u8,
                _gift,
                out CapabilitySlot session,
                out SessionId id
            );
            if (result == ParentResult.Denied && ++denied != 0)
            {
                // It ended with this request in its hands.
                continue;
            }
            if (result != ParentResult.Ok)
            {
                return NotOpened;
            }
            opened++;
            PingResult called = Call(session, ref start);
            dead += called == PingResult.Ok ? 0u : 1;
            if (called != PingResult.Ok && new PingClient(session).Increment(0, out _) == PingResult.Ok)
            {
                return NotDead;
            }
            if (environment.CloseSession(id, session) != ParentResult.Ok)
            {
                return NotClosed;
            }
        }
        Tell(in environment, opened, denied, dead);
        return IsBack(in environment, in before) && free == CapabilitySlots.FreeCount ? ExitValue.Success : NotBack;
    }

    private static PingResult Call(CapabilitySlot session, ref ulong start)
    {
        PingResult called = PingResult.Ok;
        for (int i = 0; i < Calls && called == PingResult.Ok; i++)
        {
            called = new PingClient(session).Increment(0, out ulong answered);
            start = called == PingResult.Ok ? answered : start;
        }
        return called;
    }

    /// <summary>The last donation comes back a moment after the close.</summary>
    private static bool IsBack(in Environment environment, in QuotaState before)
    {
        QuotaState now;
        do
        {
            Processor.Yield();
            environment.Pd.Quota(out now);
        } while (now.Limit.RamBytes != before.Limit.RamBytes || now.Limit.Capabilities != before.Limit.Capabilities);
        return now.Used.RamBytes == before.Used.RamBytes && now.Used.Capabilities == before.Used.Capabilities;
    }

    private static void Tell(in Environment environment, uint opened, uint denied, uint dead)
    {
        Span<byte> buffer = stackalloc byte[120];
        var text = new TextBuilder(buffer);
        text.Append("@test mortal-service pass opened "u8).AppendDecimal(opened).Append(", denied "u8);
        text.AppendDecimal(denied).Append(", dead in use "u8).AppendDecimal(dead);
        environment.Log.Write(text.AppendLine());
    }
}
