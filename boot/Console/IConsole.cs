namespace Skerry.Boot.Console;

/// <summary>Where text goes: the serial port on the target, a buffer in tests.</summary>
public interface IConsole
{
    static abstract void Write(byte value);
}
