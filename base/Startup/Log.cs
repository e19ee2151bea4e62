using System;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Startup;

/// <summary>The component's log.</summary>
public readonly struct Log(LogSessionClient session)
{
    /// <summary>Text of any length, in as many parts as it needs. While the console is behind, it waits on its own time.</summary>
    public LogResult Write(ReadOnlySpan<byte> text)
    {
        LogResult result = LogResult.Ok;
        while (!text.IsEmpty && result is LogResult.Ok or LogResult.Busy)
        {
            result = TryWrite(text, out int taken);
            text = text.Slice(taken);
            if (result == LogResult.Busy)
            {
                Processor.Yield();
            }
        }
        return result;
    }

    /// <summary>As much of a text as one message holds and the console has room for; does not wait.</summary>
    /// <param name="text">The text.</param>
    /// <param name="taken">Bytes from its start that were taken.</param>
    public LogResult TryWrite(ReadOnlySpan<byte> text, out int taken)
    {
        int part = text.Length < ILogSession.MaximumText ? text.Length : ILogSession.MaximumText;
        LogResult result = session.Write(text.Slice(0, part), out uint told);
        taken =
            result == LogResult.Ok ? part
            : told < (uint)part ? (int)told
            : 0;
        return result;
    }

    /// <summary>A whole line in one message; does not wait.</summary>
    /// <returns>CallFailed, and nothing is written, also if it is too long for one. Unless Ok, none of it is printed.</returns>
    public LogResult TryWriteWhole(ReadOnlySpan<byte> line) =>
        line.Length > ILogSession.MaximumText ? LogResult.CallFailed : TryWrite(line, out _);

    /// <summary>A text and a line feed, in one message if they fit.</summary>
    public LogResult WriteLine(ReadOnlySpan<byte> text)
    {
        if (text.Length >= ILogSession.MaximumText)
        {
            LogResult result = Write(text);
            return result == LogResult.Ok ? Write("\n"u8) : result;
        }
        Span<byte> line = stackalloc byte[ILogSession.MaximumText];
        var builder = new TextBuilder(line);
        builder.Append(text).Append("\n"u8);
        return Write(builder.Text);
    }

    /// <summary>What a builder holds.</summary>
    public LogResult Write(in TextBuilder builder) => Write(builder.Text);
}
