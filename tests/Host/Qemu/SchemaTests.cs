using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Skerry.Qemu;
using Skerry.Qemu.Source;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>The published schemas and the readers know the same members.</summary>
public sealed class SchemaTests
{
    /// <summary>A file with one object left open, and where the schema describes that object.</summary>
    public static TheoryData<string, string, string> Objects =>
        new()
        {
            { "topology", "", "OBJECT" },
            { "topology", "$defs/node", "{\"nodes\": [OBJECT]}" },
            { "topology", "properties/hmat", "{\"hmat\": OBJECT, \"nodes\": []}" },
            { "system", "", "OBJECT" },
            { "system", "$defs/vcore", "{\"vcores\": [OBJECT]}" },
            { "system", "$defs/vcore/properties/cpus", "{\"vcores\": [{\"cpus\": OBJECT}]}" },
            { "system", "$defs/memory/oneOf/0", "{\"vcores\": [{\"memory\": [OBJECT]}]}" },
            { "system", "$defs/memory/oneOf/1", "{\"vcores\": [{\"memory\": [OBJECT]}]}" },
            { "system", "$defs/child", "{\"vcores\": [{\"children\": [OBJECT]}]}" },
            { "system", "$defs/coreChild", "{\"children\": [OBJECT]}" },
            { "system", "$defs/child/properties/affinity", "{\"children\": [{\"affinity\": OBJECT}]}" },
            { "system", "$defs/route", "{\"children\": [{\"routes\": [OBJECT]}]}" },
            { "system", "$defs/channel", "{\"channels\": [OBJECT]}" },
        };

    [Theory]
    [MemberData(nameof(Objects))]
    public void EveryMemberOfTheSchemaIsRead(string schema, string path, string file)
    {
        IEnumerable<string> names = Properties(schema, path).Append("unknown");
        string text = file.Replace("OBJECT", $"{{{string.Join(", ", names.Select(name => $"\"{name}\": null"))}}}");
        // All values are null, so there are errors enough; but only the last name may be an unknown one.
        IReadOnlyList<Diagnostic> diagnostics = Refused(schema, text);
        Assert.Single(diagnostics, diagnostic => diagnostic.Reason.EndsWith(" has no \"unknown\""));
        Assert.Single(diagnostics, diagnostic => diagnostic.Reason.Contains(" has no \""));
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public void WhatTheSchemaRequiresIsMissed(string schema, string path, string file)
    {
        IReadOnlyList<Diagnostic> diagnostics = Refused(schema, file.Replace("OBJECT", "{\"unknown\": 1}"));
        foreach (string name in Names(Find(schema, path), "required"))
        {
            Assert.Contains(diagnostics, diagnostic => Misses(diagnostic.Reason, name));
        }
    }

    // A memory entry has one of two members; the message that asks for them names both.
    private static bool Misses(string reason, string name) =>
        reason.Contains($" needs \"{name}\"") || (reason.Contains("either") && reason.Contains($"\"{name}\""));

    private static IReadOnlyList<Diagnostic> Refused(string schema, string text) =>
        Assert
            .Throws<BadInputException>(() =>
                schema == "topology" ? (object)TestFiles.Topology(text) : TestFiles.System(text)
            )
            .Diagnostics;

    private static IEnumerable<string> Properties(string schema, string path) =>
        Find(schema, path).GetProperty("properties").EnumerateObject().Select(property => property.Name);

    private static IEnumerable<string> Names(JsonElement element, string member) =>
        element.TryGetProperty(member, out JsonElement names)
            ? names.EnumerateArray().Select(name => name.GetString()!)
            : [];

    private static JsonElement Find(string schema, string path)
    {
        string file = Path.Combine(Repository.Locate().Schemas, schema + ".schema.json");
        JsonElement element = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
        foreach (string step in path.Split('/').Where(step => step.Length != 0))
        {
            element = int.TryParse(step, out int index) ? element[index] : element.GetProperty(step);
        }
        return element;
    }
}
