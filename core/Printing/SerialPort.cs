using System;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Core.Printing;

/// <summary>The first serial port, a 16550 (PC16550D, section 8). One thread at a time writes.</summary>
internal static class SerialPort
{
    private const ushort Data = 0x3f8;
    private const ushort LineStatus = 0x3fd;
    private const byte TransmitterEmpty = 1 << 5;

    /// <summary>With its FIFO on it takes so many bytes once the transmitter is empty.</summary>
    private const int FifoBytes = 16;

    private static readonly IoPortsCapability _ports = new(new CapabilitySlot((uint)InitialSlot.SerialPorts));

    public static void Write(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (i % FifoBytes == 0)
            {
                AwaitTransmitter();
            }
            _ports.Out8(Data, text[i]);
        }
    }

    private static void AwaitTransmitter()
    {
        byte status = 0;
        while ((status & TransmitterEmpty) == 0)
        {
            if (_ports.In8(LineStatus, out status) != Status.Ok)
            {
                return;
            }
        }
    }
}
