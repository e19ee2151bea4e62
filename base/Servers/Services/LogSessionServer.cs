using System;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>The LOG service: whole lines, each with the session's label in front. The service lock is held.</summary>
public readonly unsafe struct LogSessionServer(Server* server, ServiceSession* session) : ILogSession
{
    /// <summary>Bytes of the longest line; longer ones are broken.</summary>
    public const int MaximumLine = 400;

    private const byte LineFeed = (byte)'\n';

    public LogResult Write(ReadOnlySpan<byte> text)
    {
        bool isLabelled = IsLabelled;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == LineFeed)
            {
                EndLine();
                continue;
            }
            if (session->PendingBytes == MaximumLine)
            {
                EndLine();
            }
            session->Line[session->PendingBytes++] = isLabelled ? LogText.Printable(text[i]) : text[i];
        }
        return LogResult.Ok;
    }

    /// <summary>A session without a label is a server's, whose lines carry the labels of its own clients.</summary>
    private bool IsLabelled => !ServiceSession.LabelOf(session).IsEmpty;

    private void EndLine()
    {
        Span<byte> buffer = stackalloc byte[MaximumLine + ServiceSession.MaximumLabel + 4];
        var line = new TextBuilder(buffer);
        var content = new ReadOnlySpan<byte>(&session->Line, session->PendingBytes);
        if (IsLabelled && !LogText.IsRecord(content))
        {
            line.Append((byte)'[').Append(ServiceSession.LabelOf(session)).Append("] "u8);
        }
        line.Append(content).AppendLine();
        session->PendingBytes = 0;
        server->Hooks.Print(line.Text);
    }
}
