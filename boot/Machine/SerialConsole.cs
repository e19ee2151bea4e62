using Skerry.Boot.Console;

namespace Skerry.Boot.Machine;

/// <summary>The first serial port, a 16550 (National Semiconductor PC16550D data sheet, table 2).</summary>
internal readonly struct SerialConsole : IConsole
{
    private const ushort Base = 0x3f8;
    private const ushort InterruptEnable = Base + 1;
    private const ushort FifoControl = Base + 2;
    private const ushort LineControl = Base + 3;
    private const ushort LineStatus = Base + 5;
    private const byte DivisorAccess = 0x80;
    private const byte EightBitsNoParity = 0x03;
    private const byte EnableAndClearFifos = 0x07;
    private const byte TransmitterEmpty = 0x20;
    private const int FifoBytes = 16;

    /// <summary>Bytes that fit into the FIFO without another look at the line status.</summary>
    private static int room;

    /// <summary>115,200 baud, 8 bits, no parity, no interrupts.</summary>
    public static void Initialise()
    {
        Processor.OutByte(InterruptEnable, 0);
        Processor.OutByte(LineControl, DivisorAccess);
        Processor.OutByte(Base, 1);
        Processor.OutByte(InterruptEnable, 0);
        Processor.OutByte(LineControl, EightBitsNoParity);
        Processor.OutByte(FifoControl, EnableAndClearFifos);
    }

    public static void Write(byte value)
    {
        if (room == 0)
        {
            while ((Processor.InByte(LineStatus) & TransmitterEmpty) == 0) { }
            room = FifoBytes;
        }
        room--;
        Processor.OutByte(Base, value);
    }
}
