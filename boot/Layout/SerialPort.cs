namespace Skerry.Boot.Layout;

/// <summary>The first serial port, a 16550 (National Semiconductor PC16550D data sheet, table 2).</summary>
public static class SerialPort
{
    // I/O ports.
    public const ushort Data = 0x3f8;
    public const ushort InterruptEnable = Data + 1;
    public const ushort FifoControl = Data + 2;
    public const ushort LineControl = Data + 3;
    public const ushort LineStatus = Data + 5;

    // Values.
    public const byte DivisorAccess = 0x80;
    public const byte EightBitsNoParity = 0x03;
    public const byte EnableAndClearFifos = 0x07;
    public const byte TransmitterEmpty = 0x20;

    /// <summary>115,200 baud.</summary>
    public const byte Divisor = 1;
    public const int FifoBytes = 16;
}
