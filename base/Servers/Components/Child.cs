using System.Runtime.CompilerServices;
using Skerry.Base.Configuration;
using Skerry.Base.Servers.Faults;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Components;

/// <summary>
/// A component that this server has started. The service lock protects it; a pager writes the crash report before it
/// sets the state.
/// </summary>
public unsafe struct Child
{
    public const int MaximumName = 32;

    public ObjectHandle Handle;
    public ProtectionDomain* Pd;
    public ChildRecord Record;

    /// <summary>Its number among the configuration's children.</summary>
    public uint ConfigurationIndex;
    public ChildState State;

    /// <summary>The supervisor has told about its end.</summary>
    public bool Reported;
    public ulong ExitValue;
    public CrashReport Crash;

    /// <summary>Memory that its next start needs in pieces of this size.</summary>
    internal Memory.KeptBlocks Kept;
    public Child* Next;

    /// <summary>How often it was started again, and since when it waits to be: the lower, the longer.</summary>
    public uint Restarts;
    internal uint WaitsSince;

    /// <summary>
    /// Threads that have said that it ends, and threads that crashed and that the server has no record of: held until it is
    /// gone. Those need not be its own. Pagers leave them without a lock.
    /// </summary>
    internal CallerStack Held;
    internal int ServiceCount;

    /// <summary>Lines about what it did not get, or announced without leave.</summary>
    internal uint LinesTold;
    internal Services Announced;
    public BoundedText<NameBytes> Name;

    [InlineArray(MaximumName)]
    public struct NameBytes
    {
        private byte _byte;
    }

    [InlineArray(Sessions.IParent.MaximumServices)]
    internal struct Services
    {
        private AnnouncedService _service;
    }
}
