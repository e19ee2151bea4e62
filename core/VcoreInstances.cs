using System;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Memory;
using Skerry.Base.Needs;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Skerry.Core.Lost;
using Skerry.Core.Placement;

namespace Skerry.Core;

/// <summary>Starts this cluster's instance of each vcore that has CPUs here. A vcore is a child with more rights.</summary>
internal static unsafe class VcoreInstances
{
    /// <summary>A vcore's own table holds a capability for each dataspace and object of its children.</summary>
    private const int TableBits = 14;

    private const ulong Capabilities = 4096;

    /// <param name="server">Core's.</param>
    /// <param name="configuration">The system's.</param>
    /// <param name="failed">The first that could not be started, by index.</param>
    /// <returns>Whether all could.</returns>
    public static bool StartAll(Server* server, SystemConfiguration configuration, out uint failed)
    {
        failed = configuration.VcoreCount;
        for (uint i = 0; i < configuration.VcoreCount; i++)
        {
            VcoreRecord record = configuration.Vcore(i);
            VcorePlacement place = VcorePlacement.Of(configuration, in record, Core.Cpus, server->ClusterId);
            bool started = place.CpuCount == 0 || Start(server, configuration, i, in place);
            failed = started || failed < i ? failed : i;
        }
        return failed == configuration.VcoreCount;
    }

    /// <summary>Which vcore of the configuration a child of core's is; false if it is none.</summary>
    public static bool TryGetVcore(Child* child, out uint vcore)
    {
        vcore = uint.MaxValue - child->ConfigurationIndex;
        return vcore < ConfigurationLimits.Vcores;
    }

    /// <summary>
    /// A vcore has come to a good end by its word for that alone, which from here on is a 0 as any other child's.
    /// </summary>
    /// <returns>False for a vcore that exited with 0, and so without that word.</returns>
    public static bool TakeWord(Child* child)
    {
        if (child->State != ChildState.Exited || !TryGetVcore(child, out _))
        {
            return true;
        }
        bool gave = child->ExitValue == ExitValue.ChildrenSucceeded;
        bool silent = child->ExitValue == ExitValue.Success;
        child->ExitValue = gave ? ExitValue.Success : child->ExitValue;
        return !silent;
    }

    private static bool Start(Server* server, SystemConfiguration configuration, uint index, in VcorePlacement place)
    {
        VcoreRecord record = configuration.Vcore(index);
        ReadOnlySpan<byte> name = configuration.Text(record.Name);
        Span<byte> argumentBuffer = stackalloc byte[160];
        var arguments = new TextBuilder(argumentBuffer);
        var memory = new VcoreMemory(configuration, Core.Cpus, Core.Clusters, Core.MemoryRanges);
        AppendArguments(ref arguments, index, in place, memory.BytesOf(in record, server->ClusterId));
        Span<byte> labelBuffer = stackalloc byte[ServiceSession.MaximumLabel];
        var label = new TextBuilder(labelBuffer);
        server->Name.BeginLabel(ref label);
        label.Append(name);
        ulong claimed = configuration.BytesOf(record.Memory);
        var request = new ChildRequest
        {
            Record = RecordOf(HasEssential(configuration, in record, in place)),
            ConfigurationIndex = uint.MaxValue - index,
            Name = name,
            Label = label.Text,
            Arguments = arguments.Text,
            Quota = new Resources(
                claimed + VcoreNeeds.Bytes(place.CpuCount, record.Children.Count, claimed),
                Capabilities + record.CapabilityQuota + VcoreNeeds.PageTables(record.Children.Count, claimed)
            ),
            FirstCpu = place.FirstCpu,
            CpuCount = place.CpuCount,
            TableBits = TableBits,
            FirstFreeSlot = (uint)StartupSlot.FirstFreeOfServer,
            IsServer = true,
            SessionPlaces = VcoreNeeds.Sessions(place.CpuCount, record.Children.Count),
        };
        Span<byte> fileBuffer = stackalloc byte[64];
        var file = new TextBuilder(fileBuffer);
        file.Append(configuration.Text(record.Binary)).Append(".elf"u8);
        LoadResult result = LoadResult.NoBinary;
        Child* child = null;
        ThreadRecord* main = null;
        if (RomModules.TryFind(file.Text, out ReadOnlySpan<byte> program))
        {
            result = IsVcore(program)
                ? Children.Create(server, request, program, out child, out main)
                : LoadResult.NoVcore;
        }
        if (result == LoadResult.Ok && GiveRights(server, child, main, in place))
        {
            ComponentLoader.Run(main);
            BootTime.Tell(server);
            return true;
        }
        ConfiguredChildren.Report(server, name, result);
        return false;
    }

    /// <summary>
    /// What is none would start nothing, and its end would be taken for that of its children. The archive's maker has
    /// looked, but may have been another.
    /// </summary>
    private static bool IsVcore(ReadOnlySpan<byte> program) =>
        ElfSymbols.TryFind(program, ComponentEntryPoints.VcoreMark, out _);

    private static void AppendArguments(ref TextBuilder arguments, uint index, in VcorePlacement place, ulong bytes)
    {
        arguments.Append("vcore="u8).AppendDecimal(index);
        arguments.Append(" first-cpu="u8).AppendDecimal(place.FirstCpu);
        arguments.Append(" affinity-base="u8).AppendDecimal(place.AffinityBase);
        arguments.Append(" affinity-total="u8).AppendDecimal(place.AffinityTotal);
        arguments.Append(" memory="u8).AppendDecimal(bytes);
        if (Core.CountsInstructions)
        {
            arguments.Append(" icount=1"u8);
        }
    }

    /// <summary>
    /// A vcore is as essential as the children that this instance of it runs. It is core's child: no vcore's routes are
    /// asked for what it asks itself.
    /// </summary>
    private static ChildRecord RecordOf(bool essential) =>
        new() { Owner = ChildRecord.OwnedByCore, Flags = essential ? ChildFlags.Essential : default };

    private static bool HasEssential(SystemConfiguration configuration, in VcoreRecord record, in VcorePlacement place)
    {
        for (uint i = record.Children.First; i < record.Children.First + record.Children.Count; i++)
        {
            ChildRecord child = configuration.Child(i);
            if (place.Holds(child.AffinityX) && EssentialChildren.Includes(in child))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// What a server needs of the kernel itself: its own address space, and its CPUs' time and counters. Its first thread
    /// shares locks with its entrypoints and pagers, so it has their priority and not one of a component's.
    /// </summary>
    private static bool GiveRights(Server* server, Child* child, ThreadRecord* main, in VcorePlacement place)
    {
        CapTableCapability own = CapTableCapability.Own;
        CapTableCapability table = child->Pd->Table;
        var space = new CapabilitySlot((uint)StartupSlot.KernelSpace);
        bool given = table.Copy(space, own, child->Pd->Space.Slot, ObjectRights.All) == Status.Ok;
        for (uint i = 0; i < place.CpuCount; i++)
        {
            var slot = new CapabilitySlot((uint)StartupSlot.FirstCpuControl + i);
            CapabilitySlot control = server->Cpus[(int)(place.FirstCpu + i)].Control.Slot;
            given &= table.Copy(slot, own, control, CpuRights.Observe | CpuRights.Trace) == Status.Ok;
            given &= GiveTime(server, table, place.FirstCpu + i, i);
        }
        SchedControlCapability time = server->Cpus[(int)main->Cpu].Time;
        return given && main->Thread.SetScheduling(Server.VcorePriority, main->Context, time) == Status.Ok;
    }

    /// <summary>All of it: vcores of one CPU share it, and core is not worse off than among equals.</summary>
    private static bool GiveTime(Server* server, CapTableCapability table, uint cpu, uint index)
    {
        var slot = new CapabilitySlot((uint)StartupSlot.FirstSchedControl + index);
        return server->Cpus[(int)cpu].Time.Derive(table, slot, Server.VcorePriority, SchedShare.Whole) == Status.Ok;
    }
}
