using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Text;

namespace Skerry.Core;

/// <summary>The serial port and the end of the machine: the root's alone. Lines come out whole.</summary>
internal static class Console
{
    private const ushort Data = 0x3f8;
    private const ushort LineStatus = 0x3fd;
    private const byte TransmitterEmpty = 1 << 5;

    // 16550 with its FIFO on takes so many bytes once the transmitter is empty.
    private const int FifoBytes = 16;

    /// <summary>Protects the port, so that no line breaks into another.</summary>
    private static ExclusiveLock portLock;

    private static readonly IoPortsCapability _serial = new(new CapabilitySlot((uint)InitialSlot.SerialPorts));
    private static readonly IoPortsCapability _exit = new(new CapabilitySlot((uint)InitialSlot.ExitPort));

    public static void Write(ReadOnlySpan<byte> text)
    {
        portLock.Acquire();
        for (int i = 0; i < text.Length; i++)
        {
            if (i % FifoBytes == 0)
            {
                AwaitTransmitter();
            }
            _serial.Out8(Data, text[i]);
        }
        portLock.Release();
    }

    /// <summary>Prints the last line and ends QEMU.</summary>
    public static void End(ExitCode code, ReadOnlySpan<byte> reason)
    {
        Span<byte> buffer = stackalloc byte[256];
        var text = new TextBuilder(buffer);
        text.Append("@exit "u8).AppendDecimal((ulong)code).Append((byte)' ').Append(reason).AppendLine();
        Write(text.Text);
        _exit.Out32(ExitDevice.Port, (uint)code);
        while (true)
        {
            Processor.Yield();
        }
    }

    private static void AwaitTransmitter()
    {
        byte status = 0;
        while ((status & TransmitterEmpty) == 0)
        {
            if (_serial.In8(LineStatus, out status) != Status.Ok)
            {
                return;
            }
        }
    }
}
