using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Skerry.Qemu.Benchmarks;

/// <summary>A row of the suite: what it is, where it is measured, and how far we want to get.</summary>
public sealed record ServersRow
{
    public required string Name { get; init; }

    public required string Operation { get; init; }

    /// <summary>Of machines where it is measured, "core" or "vcore"; null: of all.</summary>
    public string? Parent { get; init; }

    public long? ToReach { get; init; }

    public long? Beyond { get; init; }

    /// <summary>Whether one of its samples can be followed, function by function.</summary>
    public bool HasPath { get; init; }

    public bool IsMeasuredOn(ServersMachine machine) => Parent is null || Parent == machine.Parent;
}

/// <summary>All rows of the suite in the order of its table (<c>qemu/suites/servers.json</c>).</summary>
public sealed record ServersReference
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web);

    /// <summary>Of the targets.</summary>
    public required string Unit { get; init; }

    public required IReadOnlyList<ServersRow> Rows { get; init; }

    public static ServersReference Read(Repository repository) =>
        JsonSerializer.Deserialize<ServersReference>(
            File.ReadAllText(ServersSuite.FileOf(repository, ServersSuite.Name)),
            _options
        )!;
}
