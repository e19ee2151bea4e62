using System;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// Which lines of a client's stand on the console without its label in front (docs/serial-lines.md). All others have it,
/// whatever they look like: what a line begins with says whose it is.
/// </summary>
internal static class LogText
{
    /// <summary>
    /// Whether a line is a record that components write. All other records, those that nobody knows among them, are the
    /// system's own: in a component's mouth they are text.
    /// </summary>
    public static bool IsComponents(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> kind = CommandWords.First(line);
        return kind.SequenceEqual("@bench"u8) || kind.SequenceEqual("@test"u8) || kind.SequenceEqual("@trace"u8);
    }

    /// <summary>Whether a line names the vcore that writes it, as a vcore's own and those of its children do.</summary>
    /// <param name="line">The line.</param>
    /// <param name="vcore">What its server calls the vcore.</param>
    public static bool IsVcores(ReadOnlySpan<byte> line, ReadOnlySpan<byte> vcore) =>
        Begins(line, "vcore "u8, vcore, ": "u8)
        || Begins(line, "["u8, vcore, "/"u8)
        || Begins(line, "@vcore name="u8, vcore, " "u8)
        || Begins(line, "@restart server="u8, vcore, " "u8);

    private static bool Begins(
        ReadOnlySpan<byte> line,
        ReadOnlySpan<byte> before,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> behind
    ) =>
        line.StartsWith(before)
        && line.Slice(before.Length).StartsWith(name)
        && line.Slice(before.Length + name.Length).StartsWith(behind);
}
