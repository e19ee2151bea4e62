using System;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Measurement;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Tracer;

/// <summary>What a ring has: of each kind of entry how many, how many by the fastpath, and the median of how long.</summary>
internal static class Summary
{
    private const int Capacity = 1024;
    private const int LineBytes = 128;

    private static Records records;
    private static int count;
    private static Samples durations;

    /// <returns>False if calls are missing.</returns>
    public static bool Print(in Environment environment, ulong ring, int calls)
    {
        var reader = new TraceReader(ring);
        while (count < Capacity && reader.TryRead(out TraceRecord record))
        {
            records[count++] = record;
        }
        int recorded = 0;
        for (int i = 0; i < count; i++)
        {
            if (IsFirstOfItsKind(i))
            {
                int members = PrintKind(in environment, i);
                recorded += IsCall(i) ? members : 0;
            }
        }
        Span<byte> buffer = stackalloc byte[LineBytes];
        var line = new TextBuilder(buffer);
        bool complete = recorded >= calls && reader.Lost == 0;
        line.Append("@test trace-calls "u8).Append(complete ? "pass "u8 : "fail "u8);
        line.AppendDecimal((ulong)(uint)recorded).Append(" calls recorded, lost "u8).AppendDecimal(reader.Lost);
        environment.Log.Write(in line.AppendLine());
        return complete;
    }

    private static bool IsCall(int index) =>
        records[index].Kind == TraceKind.SystemCall && records[index].Code == (byte)SystemCall.Call;

    private static bool Same(int left, int right) =>
        records[left].Kind == records[right].Kind && records[left].Code == records[right].Code;

    private static bool IsFirstOfItsKind(int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (Same(i, index))
            {
                return false;
            }
        }
        return true;
    }

    private static int PrintKind(in Environment environment, int first)
    {
        ulong fast = 0;
        durations.Clear();
        for (int i = first; i < count; i++)
        {
            if (Same(i, first))
            {
                durations.Add(records[i].Duration);
                fast += (records[i].Flags & TraceFlags.Fast) != 0 ? 1u : 0u;
            }
        }
        durations.Sort();
        Span<byte> buffer = stackalloc byte[LineBytes];
        var line = new TextBuilder(buffer);
        line.Append("@trace entry="u8);
        AppendName(ref line, first);
        line.Append(" n="u8).AppendDecimal((ulong)(uint)durations.Count).Append(" fast="u8).AppendDecimal(fast);
        line.Append(" median="u8).AppendDecimal(durations.At(50));
        line.Append(" unit="u8).Append(BenchLine.UnitOf(environment.Arguments));
        environment.Log.Write(in line.AppendLine());
        return durations.Count;
    }

    private static void AppendName(ref TextBuilder line, int index)
    {
        if (records[index].Kind == TraceKind.Vector)
        {
            line.Append("vector-"u8).AppendDecimal(records[index].Code);
            return;
        }
        line.Append(
            (SystemCall)records[index].Code switch
            {
                SystemCall.Call => "call"u8,
                SystemCall.ReplyRecv => "reply-recv"u8,
                SystemCall.Invoke => "invoke"u8,
                SystemCall.ReplyMapRecv => "reply-map-recv"u8,
                SystemCall.Signal => "signal"u8,
                SystemCall.Wait => "wait"u8,
                SystemCall.Poll => "poll"u8,
                SystemCall.NBSend => "nbsend"u8,
                SystemCall.Yield => "yield"u8,
                SystemCall.Send => "send"u8,
                SystemCall.Recv => "recv"u8,
                SystemCall.NBRecv => "nbrecv"u8,
                _ => "unknown"u8,
            }
        );
    }

    [InlineArray(Capacity)]
    private struct Records
    {
        private TraceRecord _record;
    }
}
