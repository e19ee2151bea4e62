using Skerry.Boot.Console;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Machine;

/// <summary>The first serial port.</summary>
internal readonly struct SerialConsole : IConsole
{
    /// <summary>Bytes that fit into the FIFO without another look at the line status.</summary>
    private static int room;

    /// <summary>115,200 baud, 8 bits, no parity, no interrupts.</summary>
    public static void Initialise()
    {
        Processor.OutByte(SerialPort.InterruptEnable, 0);
        Processor.OutByte(SerialPort.LineControl, SerialPort.DivisorAccess);
        Processor.OutByte(SerialPort.Data, SerialPort.Divisor);
        Processor.OutByte(SerialPort.InterruptEnable, 0);
        Processor.OutByte(SerialPort.LineControl, SerialPort.EightBitsNoParity);
        Processor.OutByte(SerialPort.FifoControl, SerialPort.EnableAndClearFifos);
    }

    public static void Write(byte value)
    {
        if (room == 0)
        {
            while ((Processor.InByte(SerialPort.LineStatus) & SerialPort.TransmitterEmpty) == 0) { }
            room = SerialPort.FifoBytes;
        }
        room--;
        Processor.OutByte(SerialPort.Data, value);
    }
}
