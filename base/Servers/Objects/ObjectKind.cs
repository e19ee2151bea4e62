using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers.Objects;

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
    Trace = 10,
    FaultForward = 11,
    ChannelSession = 12,

    /// <summary>A session of a service that a sibling of the client's has.</summary>
    SiblingSession = 13,

    /// <summary>A session that the server's own parent has opened for a child.</summary>
    ParentsSession = 14,
}
