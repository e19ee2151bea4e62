using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

internal static class Program
{
    [RuntimeExport("ComponentMain")]
    private static void Main(ulong argument)
    {
        var serial = new IoPortsCapability(new CapabilitySlot((uint)InitialSlot.SerialPorts));
        System.ReadOnlySpan<byte> t = "hello from user mode\n"u8;
        for (int i = 0; i < t.Length; i++) serial.Out8(0x3f8, t[i]);
        var exit = new IoPortsCapability(new CapabilitySlot((uint)InitialSlot.ExitPort));
        exit.Out8(0xf4, (byte)ExitCode.Success);
        while (true) { }
    }

    [RuntimeExport("ThreadMain")]
    private static void ThreadMain(ulong argument)
    {
        while (true) { }
    }

    [RuntimeExport("RuntimeFailure")]
    private static void OnFailure(uint reason)
    {
        while (true) { }
    }
}
