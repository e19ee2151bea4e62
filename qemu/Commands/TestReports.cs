using System.IO;

namespace Skerry.Qemu.Commands;

/// <summary>What a test program writes about its tests: xunit's own report, which is counted, and two for CI servers.</summary>
/// <param name="directory">Where the files go.</param>
/// <param name="program">The test program's name, which theirs begin with.</param>
public sealed class TestReports(string directory, string program)
{
    public string Program => program;

    /// <summary>xunit's own.</summary>
    public string Own { get; } = Path.Combine(directory, $"{program}.xml");

    private readonly string _junit = Path.Combine(directory, $"{program}.junit.xml");

    private readonly string _trx = Path.Combine(directory, $"{program}.trx");

    /// <summary>What makes xunit write them.</summary>
    public string[] Arguments =>
        ["-noLogo", "-noColor", "-result-xml", Own, "-result-junit", _junit, "-result-trx", _trx];

    /// <summary>Removes those of the run before: a program that crashes must not leave another's success.</summary>
    public void Clear()
    {
        Directory.CreateDirectory(directory);
        foreach (string file in new[] { Own, _junit, _trx })
        {
            File.Delete(file);
        }
    }
}
