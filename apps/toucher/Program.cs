using System;
using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Toucher;

/// <summary>
/// Touches fresh memory page by page. Every first touch is a fault that its server's pager on this CPU answers, without
/// an inter-processor interrupt.
/// </summary>
internal static class Program
{
    private const ulong NoMemory = 1;
    private const ulong WrongContent = 2;

    /// <summary>How much of the quota is touched; the rest is for page tables and the library.</summary>
    private const int Pages = 256;

    private const int PagesPerRound = 32;

    private static Samples samples;
    private static bool hasCounters;
    private static ulong fewestSent = ulong.MaxValue;
    private static ulong faults;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        LaterStart.Await(environment.Arguments);
        const ulong bytes = Pages * UserLayout.PageSize;
        if (environment.Ram.AllocateAttached(bytes, out AttachedMemory memory) != AllocationResult.Ok)
        {
            environment.Log.WriteLine("not enough quota for the pages to touch"u8);
            return NoMemory;
        }
        ulong notZero = TouchAll(in environment, memory.Address);
        Report(in environment, notZero);
        return notZero == 0 ? ExitValue.Success : WrongContent;
    }

    /// <summary>
    /// The CPU is shared with others, whose interrupts and doorbells count, too: the round in which the fewest were sent
    /// shows what the faults send.
    /// </summary>
    private static ulong TouchAll(in Environment environment, ulong address)
    {
        ulong notZero = 0;
        for (ulong first = 0; first < Pages; first += PagesPerRound)
        {
            hasCounters = environment.Trace.Counters(0, out CpuCounters before) == TraceResult.Ok;
            notZero += Touch(address + first * UserLayout.PageSize);
            environment.Trace.Counters(0, out CpuCounters after);
            CpuCounters during = after.Since(in before);
            ulong sent = during[CpuCounter.ClusterInterruptsSent] + during[CpuCounter.DoorbellsSent];
            fewestSent = sent < fewestSent ? sent : fewestSent;
            faults += during[CpuCounter.FaultsMapped];
        }
        return notZero;
    }

    // Safety: the pages are attached; the first access to each faults.
    private static unsafe ulong Touch(ulong address)
    {
        ulong notZero = 0;
        for (ulong page = 0; page < PagesPerRound; page++)
        {
            ulong* word = (ulong*)(address + page * UserLayout.PageSize);
            samples.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
            ulong start = SystemCalls.ReadTimeStampCounter();
            ulong found = System.Threading.Interlocked.Exchange(ref *word, page + 1);
            samples.Add(SystemCalls.ReadTimeStampCounter() - start);
            notZero += found == 0 ? 0u : 1u;
        }
        return notZero;
    }

    private static void Report(in Environment environment, ulong notZero)
    {
        Span<byte> buffer = stackalloc byte[3 * BenchLine.MaximumBytes];
        var text = new TextBuilder(buffer);
        BenchLine.Append(ref text, "fault-local"u8, ref samples, environment.Arguments);
        if (hasCounters)
        {
            text.Append("@test fault-local-interrupts "u8).Append(fewestSent == 0 ? "pass "u8 : "fail "u8);
            text.AppendDecimal(fewestSent).Append(" interrupts sent in the quietest of 8 rounds, "u8);
            text.AppendDecimal(faults).Append(" faults in all\n"u8);
        }
        text.Append("@test fault-local-zeroed "u8).Append(notZero == 0 ? "pass "u8 : "fail "u8);
        text.AppendDecimal(notZero).Append(" pages that were not zero\n"u8);
        environment.Log.Write(in text);
    }
}
