using System;
using System.Runtime;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;
using PingSession = Skerry.Apps.Ping.PingClient;

namespace Skerry.Apps.PingClient;

/// <summary>Calls the Ping service of a component on the same CPU, checks every answer, and says what a call costs.</summary>
internal static class Program
{
    private const ulong NoSession = 1;
    private const ulong WrongAnswers = 2;
    private const int WarmUp = 100;

    private const int CallsPerRound = 100;

    private static Samples samples;
    private static bool hasCounters;
    private static ulong fewestSent = ulong.MaxValue;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        if (environment.OpenSession("Ping"u8, ""u8, Quota.None, out CapabilitySlot session) != ParentResult.Ok)
        {
            environment.Log.WriteLine("no session of the Ping service"u8);
            return NoSession;
        }
        var ping = new PingSession(session);
        LaterStart.Await(environment.Arguments);
        ulong wrong = Measure(in environment, ping);
        Report(in environment, wrong);
        return wrong == 0 ? ExitValue.Success : WrongAnswers;
    }

    /// <summary>
    /// The CPU is shared with the server that starts and ends other components meanwhile, and its interrupts count, too:
    /// the round in which the fewest were sent shows what the calls send.
    /// </summary>
    private static ulong Measure(in Environment environment, PingSession ping)
    {
        ulong wrong = 0;
        ulong sentBefore = InterruptsSent(in environment);
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            samples.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
            ulong start = SystemCalls.ReadTimeStampCounter();
            PingResult result = ping.Increment((ulong)(uint)i, out ulong answer);
            ulong end = SystemCalls.ReadTimeStampCounter();
            wrong += result == PingResult.Ok && answer == (ulong)(uint)i + 1 ? 0u : 1u;
            if (i >= 0)
            {
                samples.Add(end - start);
            }
            if (i % CallsPerRound == CallsPerRound - 1)
            {
                ulong sent = InterruptsSent(in environment);
                fewestSent = sent - sentBefore < fewestSent ? sent - sentBefore : fewestSent;
                sentBefore = sent;
            }
        }
        return wrong;
    }

    private static ulong InterruptsSent(in Environment environment)
    {
        hasCounters = environment.Trace.Counters(0, out CpuCounters counters) == TraceResult.Ok;
        return counters[Abi.CpuCounter.ClusterInterruptsSent];
    }

    private static void Report(in Environment environment, ulong wrong)
    {
        Span<byte> buffer = stackalloc byte[2 * BenchLine.MaximumBytes];
        var text = new TextBuilder(buffer);
        BenchLine.Append(ref text, "call-roundtrip"u8, ref samples, environment.Arguments);
        if (hasCounters)
        {
            text.Append("@test call-roundtrip-interrupts "u8);
            text.Append(fewestSent == 0 ? "pass "u8 : "fail "u8).AppendDecimal(fewestSent);
            text.Append(" IPIs sent in the quietest round of "u8).AppendDecimal(CallsPerRound).Append(" calls\n"u8);
        }
        text.Append("@test call-roundtrip-answers "u8).Append(wrong == 0 ? "pass "u8 : "fail "u8);
        text.AppendDecimal(wrong).Append(" wrong answers\n"u8);
        environment.Log.Write(in text);
    }
}
