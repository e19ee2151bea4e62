using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>
/// Has the programmable interval timer tick, with its interrupt closed, so that nobody in the machine notices. Where QEMU
/// counts instructions it runs CPUs one after another, each until something is due: without this, for millions of
/// instructions, which all count as waiting for a thread of another CPU. With it, for less than a thousand.
/// </summary>
internal static class Metronome
{
    private const ushort Counter = 0x40;
    private const ushort Command = 0x43;

    /// <summary>Counter 0, lower byte and upper byte, rate generator.</summary>
    private const byte RateGenerator = 0x34;

    /// <summary>Of a clock of 1.193 MHz: the shortest that the mode has.</summary>
    private const byte Divisor = 2;

    public static void Start()
    {
        var ports = new IoPortsCapability(new CapabilitySlot((uint)InitialSlot.AllPorts));
        Subject.Check(ports.Out8(Command, RateGenerator));
        Subject.Check(ports.Out8(Counter, Divisor));
        Subject.Check(ports.Out8(Counter, 0));
    }
}
