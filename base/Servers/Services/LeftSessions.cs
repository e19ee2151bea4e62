using Skerry.Base.Memory;

namespace Skerry.Base.Servers.Services;

/// <summary>Sessions of siblings that a client has left behind with its end.</summary>
internal struct LeftSessions
{
    public uint Count;

    /// <summary>What their providers, or the server for them, still hold.</summary>
    public Resources Donated;
}
