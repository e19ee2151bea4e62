using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>Ports of a smaller range, in three widths: the PCI host bridge names itself (PCI Local Bus 3.0, 3.2.2.3).</summary>
internal static class PortTests
{
    private const ushort ConfigurationAddress = 0xcf8;
    private const ushort ConfigurationData = 0xcfc;
    private const uint HostBridge = 0x8000_0000;

    public static bool Run()
    {
        CapabilitySlot slot = Workshop.Slots(1);
        var all = new IoPortsCapability(new CapabilitySlot((uint)InitialSlot.AllPorts));
        Workshop.Must(all.Derive(CapTableCapability.Own, slot, ConfigurationAddress, 8));
        var ports = new IoPortsCapability(slot);
        Workshop.Must(ports.Out32(ConfigurationAddress, HostBridge));
        Workshop.Must(ports.In32(ConfigurationData, out uint whole));
        Workshop.Must(ports.In16(ConfigurationData, out ushort low));
        Workshop.Must(ports.In16(ConfigurationData + 2, out ushort high));
        Workshop.Must(ports.In8(ConfigurationData + 1, out byte second));
        bool agree = whole == ((uint)high << 16 | low) && second == low >> 8 && low is not 0 and not ushort.MaxValue;
        Console.Test("ports-widths"u8, agree, "vendor"u8, low);
        bool outside = ports.In16(0xcff, out _) == Status.InvalidArgument;
        Console.Test("ports-derived"u8, outside, "refused"u8, outside ? 1u : 0u);
        return agree & outside;
    }
}
