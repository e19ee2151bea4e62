namespace Skerry.Base.Servers.Components;

/// <summary>What starting a component came to.</summary>
public enum LoadResult : byte
{
    Ok = 0,

    /// <summary>There is no such program.</summary>
    NoBinary = 1,

    /// <summary>Its file is no program for this machine.</summary>
    BadImage = 2,

    /// <summary>The component's quota, or the server's memory, does not suffice; <see cref="Server.Shortage"/> says which.</summary>
    OutOfResources = 3,

    /// <summary>The server's parent has no memory for a copy of the file.</summary>
    NoMemoryForFile = 4,

    /// <summary>Its program is that of a component, and it is to be a vcore.</summary>
    NoVcore = 5,

    /// <summary>The server's parent opens no session for its file: it says that something is used up.</summary>
    NoSession = 6,
}
