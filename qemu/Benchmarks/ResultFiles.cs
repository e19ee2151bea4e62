using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Benchmarks;

/// <summary>The results of a suite as files for programs: out/bench/SUITE.csv and SUITE.json.</summary>
public static class ResultFiles
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="repository">Below whose output directory the files lie.</param>
    /// <param name="suite">Their name.</param>
    /// <param name="header">First line of the CSV.</param>
    /// <param name="lines">The others.</param>
    /// <param name="figures">What the JSON has as an array.</param>
    /// <returns>Where they lie, for a person.</returns>
    /// <exception cref="BadInputException">There is no figure; files of a former run are left as they are.</exception>
    public static string Write<T>(
        Repository repository,
        string suite,
        string header,
        IEnumerable<string> lines,
        IReadOnlyList<T> figures
    )
    {
        string path = Path.Combine(repository.Output, "bench", suite);
        if (figures.Count == 0)
        {
            throw new BadInputException($"there are no figures: nothing that ran gave one; {path}.csv was not written");
        }
        OutputFile.Write($"{path}.csv", string.Concat(lines.Prepend(header).Select(line => line + "\n")));
        OutputFile.Write($"{path}.json", Json(figures));
        return $"{path}.csv, {suite}.json: {figures.Count} figures";
    }

    /// <returns>An array of the figures' public members.</returns>
    public static string Json<T>(IReadOnlyList<T> figures) => JsonSerializer.Serialize(figures, _options) + "\n";
}
