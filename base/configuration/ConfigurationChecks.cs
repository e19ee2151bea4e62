using System;
using System.Runtime.CompilerServices;
using Skerry.Abi;

namespace Skerry.Base.Configuration;

/// <summary>
/// The checks behind <see cref="SystemConfiguration.Open"/>. The host has checked the meaning already; these make sure
/// that bytes which went bad on the way can lead no reader outside the configuration.
/// </summary>
internal static class ConfigurationChecks
{
    private const uint TableAlignment = 8;

    /// <summary>The header against the bytes that are there, and every table against the header.</summary>
    public static ConfigurationStatus Header(in SystemHeader header, int available)
    {
        if (header.Magic != SystemHeader.ExpectedMagic)
        {
            return ConfigurationStatus.WrongMagic;
        }
        if (header.Version != SystemHeader.CurrentVersion)
        {
            return ConfigurationStatus.WrongVersion;
        }
        if (
            header.TotalLength < (uint)Unsafe.SizeOf<SystemHeader>()
            || header.TotalLength > ConfigurationLimits.ImageBytes
        )
        {
            return ConfigurationStatus.WrongLength;
        }
        if (header.TotalLength > (uint)available)
        {
            return ConfigurationStatus.Truncated;
        }
        if ((header.Flags & ~SystemFlags.Verbose) != 0)
        {
            return ConfigurationStatus.BadValue;
        }
        return Tables(header) ? ConfigurationStatus.Ok : ConfigurationStatus.BadTable;
    }

    /// <summary>Every record of every table. The header has been checked.</summary>
    public static ConfigurationStatus Records(in SystemConfiguration configuration)
    {
        SystemHeader header = configuration.Header;
        if (!Within(header.CoreChildren, header.Children))
        {
            return ConfigurationStatus.BadReference;
        }
        var status = ConfigurationStatus.Ok;
        for (uint i = 0; i < header.Vcores.Count && status == ConfigurationStatus.Ok; i++)
        {
            status = Vcore(configuration, header, configuration.Vcore(i));
        }
        for (uint i = 0; i < header.Memory.Count && status == ConfigurationStatus.Ok; i++)
        {
            status = Memory(configuration.Memory(i));
        }
        for (uint i = 0; i < header.Children.Count && status == ConfigurationStatus.Ok; i++)
        {
            status = Child(configuration, header, configuration.Child(i));
        }
        for (uint i = 0; i < header.Services.Count && status == ConfigurationStatus.Ok; i++)
        {
            status = Name(configuration, header, configuration.Service(i).Name);
        }
        for (uint i = 0; i < header.Routes.Count && status == ConfigurationStatus.Ok; i++)
        {
            status = Route(configuration, header, configuration.Route(i));
        }
        for (uint i = 0; i < header.Channels.Count && status == ConfigurationStatus.Ok; i++)
        {
            status = Channel(configuration, header, configuration.Channel(i));
        }
        return status == ConfigurationStatus.Ok && !EssentialRule.IsMet(configuration)
            ? ConfigurationStatus.NothingEssential
            : status;
    }

    private static bool Tables(in SystemHeader header) =>
        Table<VcoreRecord>(header, header.Vcores, ConfigurationLimits.Vcores)
        && Table<uint>(header, header.Identifiers, ConfigurationLimits.Identifiers)
        && Table<MemoryRecord>(header, header.Memory, ConfigurationLimits.MemoryRanges)
        && Table<ChildRecord>(header, header.Children, ConfigurationLimits.Children)
        && Table<ServiceRecord>(header, header.Services, ConfigurationLimits.Services)
        && Table<RouteRecord>(header, header.Routes, ConfigurationLimits.Routes)
        && Table<ChannelRecord>(header, header.Channels, ConfigurationLimits.Channels)
        && Table<byte>(header, header.Strings, ConfigurationLimits.ImageBytes);

    private static bool Table<T>(in SystemHeader header, TableReference table, uint limit)
        where T : struct
    {
        if (table.Count > limit || table.Offset % TableAlignment != 0)
        {
            return false;
        }
        ulong end = table.Offset + (ulong)table.Count * (uint)Unsafe.SizeOf<T>();
        return table.Offset >= (uint)Unsafe.SizeOf<SystemHeader>() && end <= header.TotalLength;
    }

    private static ConfigurationStatus Vcore(
        in SystemConfiguration configuration,
        in SystemHeader header,
        VcoreRecord vcore
    )
    {
        if (
            Name(configuration, header, vcore.Name) != ConfigurationStatus.Ok
            || Name(configuration, header, vcore.Binary) != ConfigurationStatus.Ok
            || configuration.Text(vcore.Name).SequenceEqual(CoreName.Text)
        )
        {
            return ConfigurationStatus.BadString;
        }
        if (
            !Within(vcore.CpuIdentifiers, header.Identifiers)
            || !Within(vcore.Memory, header.Memory)
            || !Within(vcore.Children, header.Children)
            || !Within(vcore.Routes, header.Routes)
        )
        {
            return ConfigurationStatus.BadReference;
        }
        bool valid =
            vcore.CpuSelection <= CpuSelection.Cpus
            && vcore.CpuIdentifiers.Count != 0
            && vcore.Priority <= ConfigurationLimits.Priority;
        return valid ? ConfigurationStatus.Ok : ConfigurationStatus.BadValue;
    }

    private static ConfigurationStatus Memory(MemoryRecord memory)
    {
        bool valid =
            memory.Selection <= MemorySelection.Range
            && memory.Size is not 0 and <= ConfigurationLimits.MemoryBytes
            && memory.Start <= ConfigurationLimits.MemoryBytes
            && (memory.Size | memory.Start) % UserLayout.PageSize == 0;
        return valid ? ConfigurationStatus.Ok : ConfigurationStatus.BadValue;
    }

    private static ConfigurationStatus Child(
        in SystemConfiguration configuration,
        in SystemHeader header,
        ChildRecord child
    )
    {
        if (
            Name(configuration, header, child.Name) != ConfigurationStatus.Ok
            || Name(configuration, header, child.Binary) != ConfigurationStatus.Ok
            || !Text(header, child.Arguments, ConfigurationLimits.TextBytes)
        )
        {
            return ConfigurationStatus.BadString;
        }
        bool owned = child.Owner == ChildRecord.OwnedByCore || child.Owner < header.Vcores.Count;
        if (!owned || !Within(child.Services, header.Services) || !Within(child.Routes, header.Routes))
        {
            return ConfigurationStatus.BadReference;
        }
        bool valid =
            child.ExitPolicy <= ExitPolicy.Propagate
            && (child.Flags & ~(ChildFlags.Essential | ChildFlags.Trace)) == 0
            && child.Priority <= ConfigurationLimits.Priority
            && child.RestartCause <= RestartCause.End
            && child.Restarts <= ConfigurationLimits.Restarts
            && child.AffinityWidth != 0;
        return valid ? ConfigurationStatus.Ok : ConfigurationStatus.BadValue;
    }

    private static ConfigurationStatus Route(
        in SystemConfiguration configuration,
        in SystemHeader header,
        RouteRecord route
    )
    {
        if (
            !Text(header, route.Service, ConfigurationLimits.NameBytes)
            || !NameCharacters.AreAllowed(configuration.Text(route.Service))
            || !Text(header, route.Label, ConfigurationLimits.TextBytes)
        )
        {
            return ConfigurationStatus.BadString;
        }
        if (route.LabelMatch > LabelMatch.Suffix || route.Target > RouteTarget.Child)
        {
            return ConfigurationStatus.BadValue;
        }
        bool known = route.Target == RouteTarget.Parent || route.TargetChild < header.Children.Count;
        return known ? ConfigurationStatus.Ok : ConfigurationStatus.BadReference;
    }

    private static ConfigurationStatus Channel(
        in SystemConfiguration configuration,
        in SystemHeader header,
        ChannelRecord channel
    )
    {
        if (Name(configuration, header, channel.Name) != ConfigurationStatus.Ok)
        {
            return ConfigurationStatus.BadString;
        }
        if (channel.First >= header.Children.Count || channel.Second >= header.Children.Count)
        {
            return ConfigurationStatus.BadReference;
        }
        bool powerOfTwo = channel.Slots != 0 && (channel.Slots & (channel.Slots - 1)) == 0;
        bool valid = powerOfTwo && channel.Slots <= ConfigurationLimits.ChannelSlots && channel.First != channel.Second;
        return valid ? ConfigurationStatus.Ok : ConfigurationStatus.BadValue;
    }

    /// <summary>A text that is not empty and that lines of the console can have in them.</summary>
    private static ConfigurationStatus Name(
        in SystemConfiguration configuration,
        in SystemHeader header,
        StringReference name
    ) =>
        name.Length != 0
        && Text(header, name, ConfigurationLimits.NameBytes)
        && NameCharacters.AreAllowed(configuration.Text(name))
            ? ConfigurationStatus.Ok
            : ConfigurationStatus.BadString;

    private static bool Text(in SystemHeader header, StringReference text, uint limit) =>
        text.Length <= limit && (ulong)text.Offset + text.Length <= header.Strings.Count;

    private static bool Within(RecordRange range, TableReference table) =>
        (ulong)range.First + range.Count <= table.Count;
}
