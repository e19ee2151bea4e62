using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Base.Configuration;

namespace Skerry.Qemu.Configuration;

/// <summary>
/// Compiles a checked configuration to the bytes that <see cref="SystemConfiguration"/> reads on the target. The same
/// description gives the same bytes.
/// </summary>
public sealed class SystemWriter
{
    private readonly List<uint> _identifiers = [];
    private readonly List<VcoreRecord> _vcores = [];
    private readonly List<MemoryRecord> _memory = [];
    private readonly List<ChildRecord> _children = [];
    private readonly List<ServiceRecord> _services = [];
    private readonly List<RouteRecord> _routes = [];
    private readonly StringTable _strings = new();

    private SystemWriter() { }

    public static byte[] Write(SystemDescription system)
    {
        var writer = new SystemWriter();
        RecordRange coreChildren = writer.Children(system.Children, ChildRecord.OwnedByCore);
        for (int i = 0; i < system.Vcores.Count; i++)
        {
            writer.Vcore(system.Vcores[i], (uint)i);
        }
        return writer.Assemble(system, coreChildren, writer.Channels(system));
    }

    private void Vcore(VcoreDescription vcore, uint index)
    {
        RecordRange children = Children(vcore.Children, index);
        _vcores.Add(
            new VcoreRecord
            {
                Name = _strings.Add(vcore.Name),
                Binary = _strings.Add(vcore.Binary),
                CpuSelection = vcore.CpuSelection,
                CapabilityQuota = vcore.CapabilityQuota,
                Priority = vcore.Priority,
                CpuIdentifiers = Append(_identifiers, vcore.CpuIdentifiers.Order()),
                Memory = Append(_memory, vcore.Memory.Select(Memory)),
                Children = children,
                Routes = Routes(vcore.Routes, vcore.Children, children.First),
            }
        );
    }

    private static MemoryRecord Memory(MemoryDescription memory) =>
        new()
        {
            Selection = memory.Selection,
            Node = memory.Node,
            Start = memory.Start,
            Size = memory.Size,
        };

    /// <summary>The children of one parent, one after the other.</summary>
    private RecordRange Children(IReadOnlyList<ChildDescription> children, uint owner)
    {
        uint first = (uint)_children.Count;
        foreach (ChildDescription child in children)
        {
            _children.Add(Child(child, owner, Routes(child.Routes, children, first)));
        }
        return new RecordRange { First = first, Count = (uint)children.Count };
    }

    private ChildRecord Child(ChildDescription child, uint owner, RecordRange routes) =>
        new()
        {
            Name = _strings.Add(child.Name),
            Binary = _strings.Add(child.Binary),
            Arguments = _strings.Add(child.Arguments),
            RamQuota = child.RamQuota,
            CapabilityQuota = child.CapabilityQuota,
            Priority = child.Priority,
            Owner = owner,
            Cluster = child.Cluster,
            AffinityX = child.AffinityX,
            AffinityWidth = child.AffinityWidth,
            ExitPolicy = child.ExitPolicy,
            Flags =
                (child.Essential ? ChildFlags.Essential : ChildFlags.None)
                | (child.MayTrace ? ChildFlags.Trace : ChildFlags.None),
            HeartbeatMilliseconds = child.HeartbeatMilliseconds,
            Restarts = child.Restarts,
            RestartCause = child.RestartCause,
            Services = Append(
                _services,
                child.Services.Select(name => new ServiceRecord { Name = _strings.Add(name) })
            ),
            Routes = routes,
        };

    private RecordRange Routes(
        IReadOnlyList<RouteDescription> routes,
        IReadOnlyList<ChildDescription> siblings,
        uint firstSibling
    ) => Append(_routes, routes.Select(route => Route(route, siblings, firstSibling)));

    private RouteRecord Route(RouteDescription route, IReadOnlyList<ChildDescription> siblings, uint firstSibling)
    {
        int target = siblings.ToList().FindIndex(child => child.Name == route.TargetChild);
        return new RouteRecord
        {
            Service = _strings.Add(route.Service),
            Label = _strings.Add(route.Label),
            LabelMatch = route.LabelMatch,
            Target = route.Target,
            TargetChild = route.Target == RouteTarget.Child ? firstSibling + (uint)target : 0,
        };
    }

    private List<ChannelRecord> Channels(SystemDescription system)
    {
        List<string> paths = system.AllChildren.Select(placed => placed.Path).ToList();
        return system
            .Channels.Select(channel => new ChannelRecord
            {
                Name = _strings.Add(channel.Name),
                First = (uint)paths.IndexOf(channel.First),
                Second = (uint)paths.IndexOf(channel.Second),
                Slots = channel.Slots,
            })
            .ToList();
    }

    private byte[] Assemble(SystemDescription system, RecordRange coreChildren, List<ChannelRecord> channels)
    {
        var image = new ImageBuilder(Unsafe.SizeOf<SystemHeader>());
        var header = new SystemHeader
        {
            Magic = SystemHeader.ExpectedMagic,
            Version = SystemHeader.CurrentVersion,
            TimeoutSeconds = system.TimeoutSeconds,
            Flags = system.Verbose ? SystemFlags.Verbose : SystemFlags.None,
            Vcores = image.Table(_vcores),
            Identifiers = image.Table(_identifiers),
            Memory = image.Table(_memory),
            Children = image.Table(_children),
            Services = image.Table(_services),
            Routes = image.Table(_routes),
            Channels = image.Table(channels),
            Strings = image.Table(_strings.Bytes),
            CoreChildren = coreChildren,
        };
        header.TotalLength = (uint)image.Length;
        byte[] bytes = image.ToArray();
        MemoryMarshal.Write(bytes, header);
        return bytes;
    }

    private static RecordRange Append<T>(List<T> table, IEnumerable<T> records)
    {
        uint first = (uint)table.Count;
        table.AddRange(records);
        return new RecordRange { First = first, Count = (uint)table.Count - first };
    }
}
