using System;

namespace Skerry.Abi;

// One enum per kind of object, so that asking an endpoint for a page right does not compile. All share the rights byte
// of a capability.

/// <summary>What an Endpoint capability allows.</summary>
[Flags]
public enum EndpointRights : byte
{
    None = 0,
    Send = 1,
    Receive = 2,

    /// <summary>Capabilities may be sent along with a message.</summary>
    Grant = 4,
    All = Send | Receive | Grant,
}

/// <summary>What a Notification capability allows.</summary>
[Flags]
public enum NotificationRights : byte
{
    None = 0,
    Signal = 1,
    Wait = 2,
    All = Signal | Wait,
}

/// <summary>What a Frame capability allows its mappings to do.</summary>
[Flags]
public enum FrameRights : byte
{
    None = 0,
    Read = 1,
    Write = 2,
    Execute = 4,
    All = Read | Write | Execute,
}

/// <summary>What a CpuControl capability allows.</summary>
[Flags]
public enum CpuRights : byte
{
    None = 0,

    /// <summary>Its counters, and how it is.</summary>
    Observe = 1,

    /// <summary>Records of all that enters its kernel, whoever's thread it is.</summary>
    Trace = 2,

    /// <summary>Whether it runs threads, and whom its doorbell wakes.</summary>
    Command = 4,
    All = Observe | Trace | Command,
}

/// <summary>Rights of the kinds that know only all or nothing.</summary>
[Flags]
public enum ObjectRights : byte
{
    None = 0,
    All = 0xff,
}
