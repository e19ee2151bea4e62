using System;
using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers;

/// <summary>
/// A session that a child asked for and another child is to serve. The entrypoint puts the caller aside, and the
/// supervisor asks the service: the entrypoint must not wait for somebody who may be calling it.
/// </summary>
internal unsafe struct PendingSession
{
    public Child* Client;

    /// <summary>Number, in the configuration, of the child that serves.</summary>
    public uint Server;

    /// <summary>Waits for the session.</summary>
    public HeldCaller* Caller;
    public PendingSession* Next;
    public int ServiceBytes;
    public int LabelBytes;
    public ServiceText Service;
    public LabelText Label;

    [InlineArray(IParent.MaximumService)]
    public struct ServiceText
    {
        private byte _byte;
    }

    [InlineArray(IParent.MaximumLabel)]
    public struct LabelText
    {
        private byte _byte;
    }
}
