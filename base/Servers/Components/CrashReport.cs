using Skerry.Abi;
using Skerry.Base.RegionMaps;

namespace Skerry.Base.Servers.Components;

/// <summary>Why a child cannot go on.</summary>
public struct CrashReport
{
    public FaultLabel Kind;

    /// <summary>Page: the address. Others: the vector, or the number of the system call.</summary>
    public ulong Detail;
    public ulong InstructionPointer;

    /// <summary>Page: what was tried, and why it could not be.</summary>
    public FaultAccess Access;
    public FaultOutcome Outcome;
}
