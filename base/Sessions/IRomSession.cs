using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>A read-only module; which one is the last part of the session's label.</summary>
[RpcInterface]
public interface IRomSession
{
    /// <summary>The module's memory, and how many bytes of it are content.</summary>
    RomResult Dataspace(out DataspaceCapability dataspace, out ulong bytes);
}
