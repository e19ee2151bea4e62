using System;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ServersBench;

/// <summary>
/// A session at a sibling, opened and closed: the server's part, and that of the sibling's threads, which a Yield behind the
/// close lets finish.
/// </summary>
internal static class SessionRows
{
    private const int WarmUp = 20;
    private const int NotFollowed = -1;

    private static Samples whole;
    private static Samples opening;
    private static Samples closing;

    private static ReadOnlySpan<byte> Name => "session-open-close"u8;

    public static void Run(in Environment environment)
    {
        Report.Begin(in environment, Name);
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            ulong start = Report.Start(i);
            ParentResult opened = environment.OpenSession(
                EchoServer.Service,
                "mine"u8,
                Quota.None,
                out CapabilitySlot session,
                out SessionId id
            );
            ulong between = Report.End(NotFollowed);
            ParentResult closed = environment.CloseSession(id, session);
            Processor.Yield();
            ulong end = Report.End(i);
            Report.Check(opened == ParentResult.Ok && closed == ParentResult.Ok);
            if (i >= 0)
            {
                opening.Add(Report.Between(start, between));
                closing.Add(Report.Between(between, end));
                whole.Add(Report.Between(start, between) + Report.Between(between, end));
            }
        }
        Report.Print(in environment, Name, ref whole);
        Report.Print(in environment, "session-open"u8, ref opening);
        Report.Print(in environment, "session-close"u8, ref closing);
    }
}
