using System;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>The LOG service: whole lines, each with the session's label in front. The service lock is held.</summary>
public readonly unsafe struct LogSessionServer(Server* server, ServiceSession* session) : ILogSession
{
    /// <summary>
    /// Bytes of the longest line of a component; longer ones are broken. With the longest label it is one message: a server
    /// passes it on to its parent whole or not at all.
    /// </summary>
    public const int MaximumLine = 344;

    /// <summary>Bytes of the longest line that goes out: one of a server's that has a label in front all the same.</summary>
    internal const int MaximumPrinted = ServiceSession.MaximumLabel + ILogSession.MaximumText + LabelSigns + 1;

    private const int LabelSigns = 3;
    private const byte LineFeed = (byte)'\n';

    public LogResult Write(ReadOnlySpan<byte> text, out uint taken)
    {
        LogLine* line = session->Line;
        ReadOnlySpan<byte> rest = text;
        int kept = line->Length;
        taken = 0;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf(LineFeed);
            int room = Longest - line->Length;
            int part = end < 0 ? rest.Length : end;
            part = part < room ? part : room;
            line->Append(rest.Slice(0, part));
            rest = rest.Slice(part);
            if (!rest.IsEmpty)
            {
                // Either the line has ended, or it is full: then a character that is not whole is the next line's.
                bool isEnd = rest[0] == LineFeed;
                int bytes = isEnd ? line->Length : line->Length - Characters.Unfinished(line->Text);
                LogResult result = TryPrint(line->Text.Slice(0, bytes));
                if (result != LogResult.Ok)
                {
                    // Of what was not taken, nothing stays.
                    line->CutTo(kept);
                    return result;
                }
                line->DropFirst(bytes);
                kept = line->Length;
                rest = rest.Slice(isEnd ? 1 : 0);
                taken = (uint)(text.Length - rest.Length);
            }
        }
        taken = (uint)text.Length;
        return LogResult.Ok;
    }

    /// <summary>A server's lines may have the labels of its own clients.</summary>
    private int Longest => session->Pd->IsServer ? ILogSession.MaximumText : MaximumLine;

    private LogResult TryPrint(ReadOnlySpan<byte> content)
    {
        Span<byte> buffer = stackalloc byte[MaximumPrinted];
        var line = new TextBuilder(buffer);
        line.Append((byte)'[').Append(session->Label).Append("] "u8);
        int label = line.Text.Length;
        line.AppendPrintable(content);
        // Looked at behind the change: a tab ends a record's name, too.
        bool standsAlone = StandsAlone(line.Text.Slice(label));
        line.AppendLine();
        ReadOnlySpan<byte> printed = line.Text.Slice(standsAlone ? label : 0);
        ulong now = SystemCalls.ReadTimeStampCounter();
        bool isTurn = server->LogTurns.MayWrite(session->Pd, now, server->TscHertz);
        LogResult result = isTurn ? server->Hooks.TryPrint(printed) : LogResult.Busy;
        if (result == LogResult.Busy)
        {
            server->LogTurns.Refused(session->Pd, now);
        }
        else
        {
            server->LogTurns.Leave(session->Pd);
        }
        return result;
    }

    private bool StandsAlone(ReadOnlySpan<byte> line) =>
        LogText.IsComponents(line) || (session->Pd->IsServer && LogText.IsVcores(line, session->Pd->Child->Name.Text));
}
