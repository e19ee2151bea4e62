using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Hostile;

/// <summary>What to call for each interface: an object that serves it.</summary>
internal static class Targets
{
    private static CapabilitySlot rom;
    private static CapabilitySlot channel;
    private static CapabilitySlot ping;
    private static CapabilitySlot thread;

    public const int Count = 11;

    public static bool HasChannel { get; private set; }

    /// <returns>
    /// False if one of them could not be had. A channel's end is one component's alone: without it, its calls reach nobody.
    /// </returns>
    public static bool TryOpen(in Environment environment)
    {
        CpuThreadCapability made = default;
        HasChannel = environment.OpenSession("Channel"u8, ""u8, Quota.None, out channel) == ParentResult.Ok;
        bool opened =
            environment.OpenSession("ROM"u8, "system.bin"u8, Quota.None, out rom) == ParentResult.Ok
            && environment.OpenSession("Ping"u8, ""u8, Quota.None, out ping) == ParentResult.Ok
            && environment.Cpu.CreateThread(environment.PdCapability, "never"u8, Affinity.Cpu(0), 0, 0, out made)
                == ThreadResult.Ok;
        thread = made.Capability.Slot;
        // What only servers get is refused.
        return opened && environment.OpenSession("FORWARD"u8, ""u8, Quota.None, out _) == ParentResult.Denied;
    }

    /// <summary>The objects by their places, from 0.</summary>
    public static CapabilitySlot At(int place) =>
        place switch
        {
            0 => new CapabilitySlot((uint)StartupSlot.Parent),
            1 => new CapabilitySlot((uint)StartupSlot.Pd),
            2 => new CapabilitySlot((uint)StartupSlot.Cpu),
            3 => new CapabilitySlot((uint)StartupSlot.AddressSpace),
            4 => new CapabilitySlot((uint)StartupSlot.Log),
            5 => new CapabilitySlot((uint)StartupSlot.Rm),
            6 => new CapabilitySlot((uint)StartupSlot.Trace),
            7 => thread,
            8 => rom,
            9 => channel,
            _ => ping,
        };

    /// <summary>The place of an object that serves an interface.</summary>
    /// <returns>False if nobody has said which: a new interface needs an object here, or a reason in <see cref="IsNobodys"/>.</returns>
    public static bool TryFind(uint interfaceHash, out int place)
    {
        place = interfaceHash switch
        {
            ParentMethods.InterfaceHash => 0,
            PdSessionMethods.InterfaceHash => 1,
            CpuSessionMethods.InterfaceHash => 2,
            RegionMapMethods.InterfaceHash => 3,
            LogSessionMethods.InterfaceHash => 4,
            RmSessionMethods.InterfaceHash => 5,
            TraceMethods.InterfaceHash => 6,
            CpuThreadMethods.InterfaceHash => 7,
            RomSessionMethods.InterfaceHash => 8,
            ChannelSessionMethods.InterfaceHash => 9,
            PingMethods.InterfaceHash => 10,
            _ => Count,
        };
        return place != Count || IsNobodys(interfaceHash);
    }

    /// <summary>
    /// No child is given an object of it: roots are called by their own component's session thread, forwarded faults are for
    /// servers, and TOPOLOGY is served by nobody yet.
    /// </summary>
    private static bool IsNobodys(uint interfaceHash) =>
        interfaceHash
            is RootMethods.InterfaceHash
                or FaultForwardMethods.InterfaceHash
                or TopologyMethods.InterfaceHash;
}
