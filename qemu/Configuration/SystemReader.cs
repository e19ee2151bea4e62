using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>
/// Reads a configuration file (<c>qemu/schemas/system.schema.json</c>) and checks all of it that needs no machine.
/// </summary>
public static class SystemReader
{
    private const uint LargestTimeout = 86_400;
    private const uint DefaultSlots = 64;

    /// <exception cref="BadInputException">The file has an error; all of them are named.</exception>
    public static SystemDescription ReadFile(string path)
    {
        var diagnostics = new Diagnostics(path);
        return Read(SourceParser.ParseFile(path, diagnostics), diagnostics);
    }

    /// <exception cref="BadInputException">The text has an error; all of them are named.</exception>
    public static SystemDescription Read(SourceValue root, Diagnostics diagnostics)
    {
        var reader = new ObjectReader(root, "a configuration", diagnostics);
        reader.OptionalText("description", "");
        var system = new SystemDescription
        {
            File = diagnostics.File,
            Warnings = diagnostics.Entries,
            TimeoutSeconds = reader.OptionalNumber("timeout", 0, LargestTimeout, 0),
            Verbose = reader.OptionalFlag("verbose", false),
            Children = ChildReader.Read(reader.OptionalList("children"), ofCore: true, diagnostics),
            Vcores = reader.OptionalList("vcores").Select(value => VcoreReader.Read(value, diagnostics)).ToArray(),
            Channels = reader.OptionalList("channels").Select(value => Channel(value, diagnostics)).ToArray(),
        };
        reader.NotRead("timeout", "skerry's --timeout limits a run");
        reader.NotRead("verbose", "sessions and routes are not logged");
        reader.Finish();
        SystemCheck.Check(system, reader.Position, diagnostics);
        diagnostics.ThrowIfErrors();
        return system;
    }

    private static ChannelDescription Channel(SourceValue value, Diagnostics diagnostics)
    {
        var reader = new ObjectReader(value, "a channel", diagnostics);
        string name = NameRules.Name(reader, "name", diagnostics);
        IReadOnlyList<SourceValue> ends = reader.RequiredList("between");
        uint slots = reader.OptionalNumber("slots", 2, ConfigurationLimits.ChannelSlots, DefaultSlots);
        reader.Finish();
        if (!BitOperations.IsPow2(slots))
        {
            diagnostics.Error(
                reader.PositionOf("slots"),
                DiagnosticCode.BadChannel,
                $"\"slots\" must be a power of two, not {slots}"
            );
        }
        if (!reader.Took("between"))
        {
            return new ChannelDescription(name, "", "", slots, value.Position);
        }
        if (ends.Count != 2 || ends.Any(end => end.Kind != SourceKind.Text))
        {
            diagnostics.Error(
                reader.PositionOf("between"),
                DiagnosticCode.BadChannel,
                "\"between\" must name two children"
            );
            return new ChannelDescription(name, "", "", slots, value.Position);
        }
        return new ChannelDescription(name, ends[0].Text, ends[1].Text, slots, reader.PositionOf("between"));
    }
}
