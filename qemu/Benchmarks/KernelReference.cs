using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Skerry.Qemu.Benchmarks;

/// <summary>A row of the suite: what it is, what seL4 takes for the same, and how far we want to get.</summary>
public sealed record ReferenceRow
{
    public required string Name { get; init; }

    public required string Operation { get; init; }

    /// <summary>CPUs that a cluster must have for it.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>seL4 built for one CPU; null if nobody has measured it.</summary>
    public long? Sel4 { get; init; }

    /// <summary>seL4 built for four CPUs.</summary>
    public long? Sel4For4Cpus { get; init; }

    public long? ToReach { get; init; }

    public long? Beyond { get; init; }
}

/// <summary>All rows of the suite in the order of its table (<c>qemu/suites/kernel.json</c>).</summary>
public sealed record KernelReference
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web);

    /// <summary>How seL4's figures came about.</summary>
    public required string Source { get; init; }

    /// <summary>Of seL4's figures and the targets; ours stand beside them only if they have the same.</summary>
    public required string Unit { get; init; }

    public required IReadOnlyList<ReferenceRow> Rows { get; init; }

    public static KernelReference Read(Repository repository)
    {
        string path = Path.Combine(repository.Root, "qemu", "suites", "kernel.json");
        return JsonSerializer.Deserialize<KernelReference>(File.ReadAllText(path), _options)!;
    }
}
