using System;
using System.Collections.Generic;
using Skerry.Abi.Boot;
using Skerry.Boot.Acpi;
using Skerry.Boot.Clusters;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Tests.Host.Boot;

/// <summary>A machine on the way through bootstrap's steps, without one.</summary>
internal sealed class MachineBuilder
{
    public const ulong Mebi = 1 << 20;

    public CpuTable Listed;
    public AffinityTable Affinity;
    public MachineTopology Machine;
    public ClusterTable Clusters;
    public OwnedMemory ByNode;
    public OwnedMemory Shares;
    public RangeSet Usable;
    public WarningList Warnings;
    private readonly Dictionary<uint, CpuAnswer> _answers = [];

    public Warning[] AllWarnings => Warnings.Kept.ToArray();

    /// <summary>A machine that QEMU described; all CPUs answer.</summary>
    public static MachineBuilder From(string machine, byte l2Shift)
    {
        var builder = new MachineBuilder();
        MadtReader.Read(TableFile.Read(machine, "APIC"), ref builder.Listed, ref builder.Warnings);
        var nothing = new RangeSet();
        SratReader.Read(TableFile.Read(machine, "SRAT"), ref nothing, ref builder.Affinity, ref builder.Warnings);
        for (int i = 0; i < builder.Listed.Length; i++)
        {
            builder.Answer(builder.Listed.IdAt(i), l2Shift);
        }
        foreach (MemoryAffinity range in builder.Affinity.Memory)
        {
            builder.Usable.Add(Math.Max(range.Base, Mebi), range.End);
        }
        return builder.Build();
    }

    public MachineBuilder Cpu(uint apicId, uint domain = AffinityTable.NoDomain, byte l2Shift = 0)
    {
        Listed.Add(apicId);
        if (domain != AffinityTable.NoDomain)
        {
            Affinity.IsPresent = true;
            Affinity.SetDomain(apicId, domain);
        }
        return Answer(apicId, l2Shift);
    }

    /// <summary>In MiB.</summary>
    public MachineBuilder Memory(uint domain, ulong start, ulong length)
    {
        Affinity.IsPresent = true;
        Affinity.AddMemory(start * Mebi, (start + length) * Mebi, domain);
        Usable.Add(start * Mebi, (start + length) * Mebi);
        return this;
    }

    /// <summary>Joins CPUs and tables; distances are 10 and 20 unless the caller sets others.</summary>
    public MachineBuilder Build()
    {
        var answers = new CpuAnswer[ApicIdMap.Capacity];
        for (int i = 0; i < Listed.Length; i++)
        {
            answers[i] = _answers.GetValueOrDefault(Listed.IdAt(i));
        }
        TopologyBuilder.Build(answers, ref Listed, ref Affinity, ref Machine, ref Warnings);
        DistanceBuilder.Fill(ref Machine, default, default, ref Warnings);
        return this;
    }

    public MachineBuilder Form(ClusterMode mode, uint bootApicId = 0)
    {
        ClusterForming.Form(ref Machine, mode, bootApicId, ref Clusters, ref Warnings);
        NodeMemory.Assign(ref Usable, ref Affinity, ref Machine, ref ByNode, ref Warnings);
        return this;
    }

    public bool Divide() => MemoryDivision.Divide(ref Machine, ref ByNode, ref Clusters, ref Shares);

    private MachineBuilder Answer(uint apicId, byte l2Shift)
    {
        var sharing = new CacheSharing { L2Shift = l2Shift, L3Shift = 8 };
        _answers[apicId] = new CpuAnswer { IsPresent = true, Sharing = sharing };
        return this;
    }
}
