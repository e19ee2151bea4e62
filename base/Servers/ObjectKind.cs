namespace Skerry.Base.Servers;

/// <summary>What a capability of a server's designates.</summary>
public enum ObjectKind : byte
{
    None = 0,
    ProtectionDomain = 1,
    RegionMap = 2,
    Dataspace = 3,
    CpuSession = 4,
    Thread = 5,
    RmSession = 6,
    LogSession = 7,
    RomSession = 8,
    Parent = 9,
    Topology = 10,
    Trace = 11,
    FaultForward = 12,
    ChannelSession = 13,
}
