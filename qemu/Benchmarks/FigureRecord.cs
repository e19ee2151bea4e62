using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Skerry.Qemu.Benchmarks;

/// <summary>Figures of record: what was measured at a commit and is kept (<c>docs/figures</c>).</summary>
public abstract record FigureRecord<TFigure>
{
    /// <summary>ISO 8601.</summary>
    public required string Date { get; init; }

    /// <summary>The commit that was measured, or the one before it with "+" if sources had changed since.</summary>
    public required string Commit { get; init; }

    public required IReadOnlyList<TFigure> Figures { get; init; }

    public void Write(string path) =>
        OutputFile.Write(path, JsonSerializer.Serialize(this, GetType(), RecordFiles.Options) + "\n");
}

/// <summary>The files that records are kept in.</summary>
public static class RecordFiles
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <exception cref="JsonException">It is no record.</exception>
    public static TRecord Parse<TRecord>(string text) => JsonSerializer.Deserialize<TRecord>(text, Options)!;

    /// <param name="repository">Where the record is kept.</param>
    /// <param name="suite">What <c>skerry bench --suite</c> calls the measurement.</param>
    public static string PathIn(Repository repository, string suite) =>
        Path.Combine(repository.Root, "docs", "figures", $"{suite}.json");

    /// <exception cref="JsonException">It is no record.</exception>
    public static TRecord Read<TRecord>(string path) => Parse<TRecord>(File.ReadAllText(path));
}
