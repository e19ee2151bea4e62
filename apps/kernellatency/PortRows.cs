using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>Ports of the programmable interval timer, which nobody uses, and capabilities to them.</summary>
internal static unsafe class PortRows
{
    private const ushort Timer = 0x40;

    private static CapabilitySlot derived;

    private static IoPortsCapability All => new(new CapabilitySlot((uint)InitialSlot.AllPorts));

    public static void Run()
    {
        derived = Workshop.Slots(1);
        Sweep.Row("port-out"u8, &Subject.Clear, &Out);
        Sweep.Row("port-in"u8, &Subject.Clear, &In);
        Sweep.Row("derive-ports"u8, &Delete, &Derive);
    }

    private static void Out() => Subject.Check(All.Out8(Timer + 1, 0));

    private static void In() => Subject.Check(All.In32(Timer, out _));

    private static void Delete() => CapTableCapability.Own.Delete(derived);

    private static void Derive() => Subject.Check(All.Derive(CapTableCapability.Own, derived, Timer, 4));
}
