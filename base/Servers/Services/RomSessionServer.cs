using Skerry.Base.Kernel;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>The ROM service: one module, read-only. The service lock is held.</summary>
public readonly unsafe struct RomSessionServer(Server* server, ServiceSession* session, uint cpu) : IRomSession
{
    public RomResult Dataspace(out DataspaceCapability dataspace, out ulong bytes)
    {
        Capability capability =
            session->Module == null
                ? Capability.None
                : DataspaceObjects.Capability(server, &server->OwnObjects, session->Module, cpu);
        dataspace = new DataspaceCapability(capability);
        bytes = session->ModuleBytes;
        return capability.IsNone ? RomResult.NoSuchModule : RomResult.Ok;
    }
}
