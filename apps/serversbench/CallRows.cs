using System;
using Skerry.Abi;
using Skerry.Apps.KernelBench;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ServersBench;

/// <summary>Typed calls to a server of another component on the same CPU, beside the kernel's round trip alone.</summary>
internal static class CallRows
{
    private const int WarmUp = 20;
    private const int SmallBytes = 64;
    private const int LargeBytes = 1024;

    private static Samples samples;
    private static EchoClient echo;

    public static void Run(in Environment environment)
    {
        ParentResult opened = environment.OpenSession(EchoServer.Service, ""u8, Quota.None, out CapabilitySlot session);
        Report.Check(opened == ParentResult.Ok);
        echo = new EchoClient(session);
        Report.Check(echo.Raw(out EndpointCapability raw) == EchoResult.Ok);
        ulong rawTicks = Raw(in environment, raw);
        Empty(in environment, 0, "rpc-empty"u8);
        Empty(in environment, rawTicks, "rpc-empty-overhead"u8);
        Bytes(in environment, SmallBytes, "rpc-64"u8);
        Bytes(in environment, LargeBytes, "rpc-1024"u8);
    }

    /// <returns>The median.</returns>
    private static ulong Raw(in Environment environment, EndpointCapability raw)
    {
        Measurement.Calibrate();
        samples.Clear();
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            Request request = Request.Of(SystemCall.Call, raw.Slot, MessageInfo.Of(0, 0));
            uint ticks = Measurement.Ticks(ref request, MeasureKind.Info);
            Report.Check(request.Status == Status.Ok);
            Add(i, ticks);
        }
        Report.Print(in environment, "rpc-raw"u8, ref samples);
        return samples.At(50);
    }

    private static void Empty(in Environment environment, ulong less, ReadOnlySpan<byte> name)
    {
        Report.Begin(in environment, name);
        samples.Clear();
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            ulong start = Report.Start(i);
            EchoResult result = echo.Nothing();
            ulong end = Report.End(i);
            Report.Check(result == EchoResult.Ok);
            Add(i, Report.Between(start, end) - less);
        }
        Report.Print(in environment, name, ref samples);
    }

    private static void Bytes(in Environment environment, int count, ReadOnlySpan<byte> name)
    {
        Span<byte> bytes = stackalloc byte[LargeBytes];
        Span<byte> back = stackalloc byte[LargeBytes];
        Report.Begin(in environment, name);
        samples.Clear();
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            bytes.Slice(0, count).Fill((byte)i);
            ulong start = Report.Start(i);
            bool isThere = Exchange(bytes.Slice(0, count), back.Slice(0, count));
            ulong end = Report.End(i);
            Report.Check(isThere && back[0] == (byte)i && back[count - 1] == (byte)i);
            Add(i, Report.Between(start, end));
        }
        Report.Print(in environment, name, ref samples);
    }

    /// <summary>In as many calls as their messages need.</summary>
    private static bool Exchange(ReadOnlySpan<byte> bytes, Span<byte> back)
    {
        for (int at = 0; at < bytes.Length; at += IEcho.MaximumBytes)
        {
            int rest = bytes.Length - at;
            int count = rest < IEcho.MaximumBytes ? rest : IEcho.MaximumBytes;
            if (echo.Bytes(bytes.Slice(at, count), back.Slice(at, count)) != EchoResult.Ok)
            {
                return false;
            }
        }
        return true;
    }

    private static void Add(int round, ulong ticks)
    {
        if (round >= 0)
        {
            samples.Add(ticks);
        }
    }
}
