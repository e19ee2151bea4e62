using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Text;

namespace Skerry.Apps.KernelTests;

/// <summary>The serial port and the machine's end. This program runs in core's place, so both are its own.</summary>
internal static class Console
{
    private const ushort Data = 0x3f8;

    private static readonly IoPortsCapability _serial = new(new CapabilitySlot((uint)InitialSlot.SerialPorts));

    public static void Write(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            _serial.Out8(Data, text[i]);
        }
    }

    public static unsafe void Test(ReadOnlySpan<byte> name, bool passed, ReadOnlySpan<byte> detail, ulong value)
    {
        byte* buffer = stackalloc byte[256];
        var line = new TextBuilder(new Span<byte>(buffer, 256));
        line.Append("@test kernel-"u8).Append(name).Append(passed ? " pass "u8 : " fail "u8);
        line.Append(detail).Append(" "u8).AppendDecimal(value).AppendLine();
        Write(line.Text);
    }

    public static unsafe void Bench(ReadOnlySpan<byte> name, ref Samples samples)
    {
        byte* buffer = stackalloc byte[BenchLine.MaximumBytes];
        var line = new TextBuilder(new Span<byte>(buffer, BenchLine.MaximumBytes));
        BenchLine.Append(ref line, name, ref samples, Workshop.CommandLine);
        Write(line.Text);
    }

    public static void End(ExitCode code)
    {
        Write(code == ExitCode.Success ? "@exit 16 success\n"u8 : "@exit 19 test-failure\n"u8);
        new IoPortsCapability(new CapabilitySlot((uint)InitialSlot.ExitPort)).Out8(0xf4, (byte)code);
    }
}
