using System;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Services;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Components;

/// <summary>How it reads that a child is started again.</summary>
public static unsafe class RestartReports
{
    private const int MaximumLine = 360;

    /// <summary>
    /// Tells of a child that is about to be started again: one line for people, and one for programs with all that its server
    /// has and could lose. Nothing is told of those that are not (<see cref="Restarts.IsTold"/>).
    /// </summary>
    public static void Tell(Server* server, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> serverName, Child* child)
    {
        if (!Restarts.IsTold(child, child->Restarts))
        {
            return;
        }
        Span<byte> buffer = stackalloc byte[MaximumLine];
        var text = new TextBuilder(buffer);
        text.Append("@restart server="u8).Append(serverName).Append(" child="u8).Append(child->Name.Text);
        text.Append(" number="u8).AppendDecimal(child->Restarts).Append(" of="u8).AppendDecimal(child->Record.Restarts);
        AppendAccounts(server, child, ref text);
        text.AppendLine();
        server->Hooks.Print(text.Text);
        text.Clear();
        text.Append(kind)
            .Append(serverName)
            .Append(": child "u8)
            .Append(child->Name.Text)
            .Append(" is started again, "u8);
        text.AppendDecimal(child->Restarts).Append(" of "u8).AppendDecimal(child->Record.Restarts).AppendLine();
        server->Hooks.Print(text.Text);
    }

    /// <summary>
    /// What siblings have not let go of is counted as if they had: when they do is theirs to say. And memory as if all that is
    /// free lay together: how it lies depends on what is kept for the start, and what threads had for a moment.
    /// </summary>
    private static void AppendAccounts(Server* server, Child* child, ref TextBuilder text)
    {
        server->ServiceLock.Acquire();
        LeftSessions left = SiblingList.LeftBy(server, child);
        Resources available = server->Account.Available + left.Donated;
        text.Append(" ram="u8).AppendDecimal(available.Ram);
        text.Append(" capabilities="u8).AppendDecimal(available.Capabilities);
        text.Append(" memory="u8).AppendDecimal(server->Untyped.FreeBytes);
        text.Append(" slots="u8).AppendDecimal(server->Slots.FreeCount + server->Untyped.Halves);
        text.Append(" message-slots="u8).AppendDecimal((ulong)CapabilitySlots.FreeCount);
        text.Append(" objects="u8).AppendDecimal(server->Objects.InUse - left.Count);
        text.Append(" records="u8)
            .AppendDecimal(
                server->OwnRecords.InUse
                    + server->Blocks.InUse
                    + server->Domains.InUse
                    + server->SiblingRecords.InUse
                    - left.Count
                    - server->Untyped.Halves
            );
        text.Append(" left="u8).AppendDecimal(left.Count);
        server->ServiceLock.Release();
    }
}
