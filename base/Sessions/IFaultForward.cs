using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>
/// From a server with its own pagers to the one that made a dataspace: a page fault on memory that is not its own.
/// </summary>
[RpcInterface]
public interface IFaultForward
{
    /// <summary>
    /// The memory behind a dataspace.
    /// </summary>
    /// <param name="dataspace">Whose memory.</param>
    /// <param name="offset">Where in the dataspace the fault was, bytes.</param>
    /// <param name="access">What the faulter wanted.</param>
    /// <param name="frame">A capability of the asker's own, to map from until the dataspace goes away.</param>
    /// <param name="frameOffset">Where that offset's page lies in the frame, bytes.</param>
    /// <param name="pages">Pages of the frame from there on.</param>
    ResolveResult Resolve(
        DataspaceCapability dataspace,
        ulong offset,
        FaultAccess access,
        out FrameCapability frame,
        out ulong frameOffset,
        out ulong pages
    );
}
