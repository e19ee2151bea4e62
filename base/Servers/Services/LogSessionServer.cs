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

    private const byte LineFeed = (byte)'\n';

    public LogResult Write(ReadOnlySpan<byte> text, out uint taken)
    {
        taken = 0;
        int pending = session->Line->Bytes;
        int longest = IsLabelled ? MaximumLine : ILogSession.MaximumText;
        for (int i = 0; i < text.Length; i++)
        {
            bool isEnd = text[i] == LineFeed;
            if (isEnd || session->Line->Bytes == longest)
            {
                if (!TryEndLine())
                {
                    // Of what was not taken, nothing stays.
                    session->Line->Bytes = pending;
                    return LogResult.Busy;
                }
                pending = 0;
                taken = (uint)i + (isEnd ? 1u : 0);
            }
            if (!isEnd)
            {
                session->Line->Text[session->Line->Bytes++] = IsLabelled ? LogText.Printable(text[i]) : text[i];
            }
        }
        taken = (uint)text.Length;
        return LogResult.Ok;
    }

    /// <summary>A session without a label is a server's, whose lines carry the labels of its own clients.</summary>
    private bool IsLabelled => !session->Label.IsEmpty;

    private bool TryEndLine()
    {
        Span<byte> buffer = stackalloc byte[ILogSession.MaximumText + 1];
        var line = new TextBuilder(buffer);
        var content = new ReadOnlySpan<byte>(&session->Line->Text, session->Line->Bytes);
        if (IsLabelled && !LogText.IsRecord(content))
        {
            line.Append((byte)'[').Append(session->Label).Append("] "u8);
        }
        line.Append(content).AppendLine();
        ulong now = SystemCalls.ReadTimeStampCounter();
        if (!server->LogTurns.MayWrite(session->Pd, now, server->TscHertz) || !server->Hooks.TryPrint(line.Text))
        {
            server->LogTurns.Refused(session->Pd, now);
            return false;
        }
        server->LogTurns.Leave(session->Pd);
        session->Line->Bytes = 0;
        return true;
    }
}
