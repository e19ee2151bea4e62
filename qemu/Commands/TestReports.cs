using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

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

    /// <summary>Sums up xunit's own report.</summary>
    /// <returns>The tests that passed and those that failed; none where there is no report.</returns>
    public (int Passed, int Failed) Count()
    {
        XElement[] assemblies = Elements("assembly");
        int Sum(string name) => assemblies.Sum(assembly => (int?)assembly.Attribute(name) ?? 0);
        return (Sum("passed"), Sum("failed") + Sum("errors"));
    }

    /// <summary>What failed, a line each.</summary>
    /// <returns>The test's name and the first line of its reason; that the program crashed, if no test failed.</returns>
    public string[] Failures()
    {
        string[] failures =
        [
            .. from test in Elements("test")
            where (string?)test.Attribute("result") == "Fail"
            select Line((string?)test.Attribute("name"), test),
            .. from error in Elements("error")
            select Line((string?)error.Attribute("name") ?? (string?)error.Attribute("type"), error),
        ];
        return failures.Length == 0 ? [$"{program} ended badly, though no test failed"] : failures;
    }

    private static string Line(string? name, XElement failed)
    {
        string reason = (string?)failed.Descendants("message").FirstOrDefault() ?? "";
        return $"{name}: {reason.Trim().Split('\n')[0].TrimEnd()}";
    }

    private XElement[] Elements(string name) => File.Exists(Own) ? [.. XDocument.Load(Own).Descendants(name)] : [];
}
