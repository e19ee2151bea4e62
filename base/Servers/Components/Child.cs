using System.Runtime.CompilerServices;
using System.Threading;
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

    /// <summary>1 once somebody has it end: 0 as long as it runs. Pagers of several CPUs, and its own exit, may come at once.</summary>
    private uint _ends;

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

    /// <summary>Whether the caller is the first that has it end, and says how.</summary>
    internal bool TryEnd() => Interlocked.CompareExchange(ref _ends, 1u, 0u) == 0;

    /// <summary>It is about to run: whoever has ended the instance before is done.</summary>
    internal void BeginAgain() => _ends = 0;

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
