using System.Runtime.CompilerServices;
using Skerry.Abi.Boot;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>All that bootstrap knows. Only the boot CPU writes it.</summary>
internal struct BootState
{
    public WarningList Warnings;
    public RangeSet Usable;
    public CpuTable Cpus;
    public AffinityTable Affinity;
    public MachineTopology Machine;
    public ClusterTable Clusters;
    public OwnedMemory MemoryByNode;
    public OwnedMemory Shares;
    public ClusterMode Mode;
    public DeliberateFaultReader Fault;
    public bool Mitigations;
    public bool ExitOnPanic;
    public CommandLineBuffer CommandLine;

    /// <summary>For whoever needs one for a moment: too large for a stack frame.</summary>
    public RangeSet Scratch;

    /// <summary>There is one state, in the image's zeroed data.</summary>
    private static BootState state;

    public static ref BootState Instance => ref state;
}

/// <summary>By the CPU table's indices.</summary>
[InlineArray(ApicIdMap.Capacity)]
internal struct CpuAnswers
{
    private CpuAnswer _answer;
}
