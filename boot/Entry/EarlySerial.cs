using Iced.Intel;
using Skerry.Abi;
using Skerry.Boot.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>Parts of 32-bit code that write on the serial port and end the machine, where no C# runs yet.</summary>
internal static class EarlySerial
{
    /// <summary>As SerialConsole does it. Overwrites eax and edx.</summary>
    public static void Initialise(SourceAssembler a)
    {
        Out(a, SerialPort.InterruptEnable, 0);
        Out(a, SerialPort.LineControl, SerialPort.DivisorAccess);
        Out(a, SerialPort.Data, SerialPort.Divisor);
        Out(a, SerialPort.InterruptEnable, 0);
        Out(a, SerialPort.LineControl, SerialPort.EightBitsNoParity);
        Out(a, SerialPort.FifoControl, SerialPort.EnableAndClearFifos);
    }

    /// <summary>The character in cl. Overwrites eax and edx.</summary>
    public static void WriteCl(SourceAssembler a)
    {
        Label wait = a.CreateLabel();
        a.mov(dx, (short)SerialPort.LineStatus);
        a.Label(ref wait);
        a.@in(al, dx);
        a.test(al, SerialPort.TransmitterEmpty);
        a.je(wait);
        a.mov(al, cl);
        a.mov(dx, (short)SerialPort.Data);
        a.@out(dx, al);
    }

    /// <summary>A boot failure. Nothing runs behind it.</summary>
    public static void End(SourceAssembler a)
    {
        Label again = a.CreateLabel();
        Out(a, ExitDevice.Port, (byte)ExitCode.BootFailure);
        a.Label(ref again);
        a.cli();
        a.hlt();
        a.jmp(again);
    }

    private static void Out(SourceAssembler a, ushort port, byte value)
    {
        a.mov(dx, (short)port);
        a.mov(al, value);
        a.@out(dx, al);
    }
}
