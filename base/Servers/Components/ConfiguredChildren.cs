using System;
using Skerry.Base.Configuration;
using Skerry.Base.Memory;
using Skerry.Base.Needs;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Components;

/// <summary>Starts children as the configuration has them.</summary>
public static unsafe class ConfiguredChildren
{
    private const int MaximumArguments = 512;

    /// <summary>
    /// Starts one child on the server's CPUs from <paramref name="firstCpu"/> on, and tells if that fails, or if its
    /// <paramref name="program"/> was not <paramref name="found"/>. <paramref name="again"/> is the one of before, which awaits
    /// its start, or null.
    /// </summary>
    public static LoadResult Start(
        Server* server,
        SystemConfiguration configuration,
        uint index,
        uint firstCpu,
        ReadOnlySpan<byte> serverName,
        LoadResult found,
        ReadOnlySpan<byte> program,
        bool countsInstructions,
        Child* again
    )
    {
        ChildRecord record = configuration.Child(index);
        ReadOnlySpan<byte> name = configuration.Text(record.Name);
        Span<byte> labelBuffer = stackalloc byte[ServiceSession.MaximumLabel];
        var label = new TextBuilder(labelBuffer);
        label.Append(serverName).Append((byte)'/').Append(name);
        Span<byte> argumentBuffer = stackalloc byte[MaximumArguments];
        var arguments = new TextBuilder(argumentBuffer);
        arguments.Append(configuration.Text(record.Arguments));
        if (countsInstructions)
        {
            arguments.Append(" icount=1"u8);
        }
        uint available = server->CpuCount - firstCpu;
        var request = new ChildRequest
        {
            Again = again,
            Record = record,
            ConfigurationIndex = index,
            Name = name,
            Label = label.Text,
            Arguments = arguments.Text,
            Quota = new Resources(record.RamQuota, record.CapabilityQuota + ComponentNeeds.PageTables(record.RamQuota)),
            FirstCpu = firstCpu,
            CpuCount = record.AffinityWidth < available ? record.AffinityWidth : available,
        };
        LoadResult result = found;
        ThreadRecord* main = null;
        if (result == LoadResult.Ok)
        {
            result = Children.Create(server, request, program, out _, out main);
        }
        if (result == LoadResult.Ok)
        {
            ComponentLoader.Run(main);
        }
        else
        {
            Report(server, name, result);
            Restarts.GiveUp(server, again);
        }
        return result;
    }

    public static void Report(Server* server, ReadOnlySpan<byte> name, LoadResult result)
    {
        Span<byte> buffer = stackalloc byte[LogSessionServer.MaximumLine];
        var text = new TextBuilder(buffer);
        server->Name.BeginLine(ref text);
        text.Append("child "u8).Append(name).Append(" not started: "u8);
        switch (result)
        {
            case LoadResult.NoBinary:
                text.Append("no such program in the archive"u8);
                break;
            case LoadResult.BadImage:
                text.Append("its file is no program"u8);
                break;
            case LoadResult.NoMemoryForFile:
                text.Append("core's memory does not suffice for a copy of its file"u8);
                break;
            case LoadResult.NoSession:
                text.Append("its server gets no further session for its file"u8);
                break;
            case LoadResult.NoVcore:
                text.Append("its program is no vcore: it has no VcoreMain"u8);
                break;
            default:
                server->Shortage.AppendTo(ref text);
                break;
        }
        text.AppendLine();
        server->Hooks.Print(text.Text);
    }
}
