using System;
using Skerry.Base.Configuration;
using Skerry.Base.Servers.Components;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// What a server says of services that its children offer or do not get. The service lock is held, so nothing waits for the
/// console: what there is no room for is not told.
/// </summary>
internal static unsafe class ServiceLines
{
    /// <summary>Lines that are told of each child: one that asks without end floods nothing.</summary>
    private const uint MaximumTold = 8;

    private const int MaximumLine = 200;

    /// <param name="server">The child's.</param>
    /// <param name="child">Who has asked.</param>
    /// <param name="service">What for, in the child's own words.</param>
    /// <param name="reason">Why it is denied.</param>
    public static void Refused(Server* server, Child* child, ReadOnlySpan<byte> service, ReadOnlySpan<byte> reason)
    {
        Span<byte> buffer = stackalloc byte[MaximumLine];
        var text = new TextBuilder(buffer);
        Begin(server, child, ref text);
        text.Append(" gets no session "u8).AppendPrintable(service);
        text.Append(": "u8).Append(reason);
        Tell(server, child, ref text);
    }

    /// <summary>Tells of a service that the child announces and the configuration does not name among what it provides.</summary>
    /// <returns>False then: nobody is led to it.</returns>
    public static bool MayAnnounce(Server* server, Child* child, ReadOnlySpan<byte> service)
    {
        if (Provides(server, child->Record, service))
        {
            return true;
        }
        Span<byte> buffer = stackalloc byte[MaximumLine];
        var text = new TextBuilder(buffer);
        Begin(server, child, ref text);
        text.Append(" announces "u8).AppendPrintable(service);
        text.Append(", which its configuration does not name"u8);
        Tell(server, child, ref text);
        return false;
    }

    private static void Begin(Server* server, Child* child, ref TextBuilder line)
    {
        server->Name.BeginLine(ref line);
        line.Append("child "u8).Append(child->Name.Text);
    }

    private static void Tell(Server* server, Child* child, ref TextBuilder line)
    {
        if (child->LinesTold == MaximumTold)
        {
            return;
        }
        line.Append(child->LinesTold == MaximumTold - 1 ? " (more is not told)"u8 : default).AppendLine();
        child->LinesTold += server->Hooks.TryPrint(line.Text) == LogResult.Ok ? 1u : 0;
    }

    private static bool Provides(Server* server, in ChildRecord record, ReadOnlySpan<byte> service)
    {
        var configuration = SystemConfiguration.OfChecked(server->Configuration);
        for (uint i = 0; i < record.Services.Count; i++)
        {
            if (configuration.Text(configuration.Service(record.Services.First + i).Name).SequenceEqual(service))
            {
                return true;
            }
        }
        return false;
    }
}
