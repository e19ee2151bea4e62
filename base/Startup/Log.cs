using System;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Startup;

/// <summary>The component's log.</summary>
public readonly struct Log(LogSessionClient session)
{
    /// <summary>Text of any length, sent in as many parts as it needs.</summary>
    public LogResult Write(ReadOnlySpan<byte> text)
    {
        while (text.Length > ILogSession.MaximumText)
        {
            LogResult result = session.Write(text.Slice(0, ILogSession.MaximumText));
            if (result != LogResult.Ok)
            {
                return result;
            }
            text = text.Slice(ILogSession.MaximumText);
        }
        return session.Write(text);
    }

    /// <summary>A text and a line feed, in one message if they fit.</summary>
    public LogResult WriteLine(ReadOnlySpan<byte> text)
    {
        if (text.Length >= ILogSession.MaximumText)
        {
            LogResult result = Write(text);
            return result == LogResult.Ok ? session.Write("\n"u8) : result;
        }
        Span<byte> line = stackalloc byte[ILogSession.MaximumText];
        var builder = new TextBuilder(line);
        builder.Append(text).Append("\n"u8);
        return session.Write(builder.Text);
    }

    /// <summary>What a builder holds.</summary>
    public LogResult Write(in TextBuilder builder) => Write(builder.Text);
}
