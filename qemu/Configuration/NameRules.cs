using System.Linq;
using System.Text;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>What names and texts of a configuration may be.</summary>
internal static class NameRules
{
    /// <summary>
    /// A name that can stand in a path, a label and an archive: letters, digits, '-', '_' and '.', not too long.
    /// </summary>
    public static string Name(ObjectReader reader, string member, Diagnostics diagnostics)
    {
        string name = reader.RequiredText(member);
        if (reader.Took(member))
        {
            Check(name, member, reader.PositionOf(member), diagnostics);
        }
        return name;
    }

    public static void Check(string name, string member, SourcePosition position, Diagnostics diagnostics)
    {
        if (name.Length == 0 || !name.All(character => NameCharacters.IsAllowed(character)))
        {
            diagnostics.Error(
                position,
                DiagnosticCode.BadName,
                $"\"{member}\" must consist of letters, digits, '-', '_' and '.', not \"{name}\""
            );
        }
        else if (name.Length > ConfigurationLimits.NameBytes)
        {
            diagnostics.Error(
                position,
                DiagnosticCode.TooLong,
                $"\"{member}\" has {name.Length} bytes, more than {ConfigurationLimits.NameBytes}"
            );
        }
    }

    /// <param name="reader">Of the object that may have the text.</param>
    /// <param name="member">The text's name.</param>
    /// <param name="limit">Bytes of UTF-8 that it may have.</param>
    /// <param name="diagnostics">Where it goes that the text is longer.</param>
    /// <returns>The text; empty if there is none.</returns>
    public static string Text(ObjectReader reader, string member, int limit, Diagnostics diagnostics)
    {
        string text = reader.OptionalText(member, "");
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > limit)
        {
            SourcePosition position = reader.PositionOf(member);
            diagnostics.Error(position, DiagnosticCode.TooLong, $"\"{member}\" has {bytes} bytes, more than {limit}");
        }
        return text;
    }
}
