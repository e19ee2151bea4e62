using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Tests.Host.Docs;
using Xunit;

namespace Skerry.Tests.Host.Sources;

/// <summary>A checkout holds every file on systems that take upper and lower case for the same, too: Windows and macOS.</summary>
public sealed class PathTests
{
    [Fact]
    public void NoTwoPathsDifferByCaseAlone()
    {
        string[] files = [.. Pages.FilesBelow(Pages.Root).Select(file => Path.GetRelativePath(Pages.Root, file))];
        Assert.Contains("README.md", files);
        Assert.Empty(Collisions(files));
    }

    [Fact]
    public void TwoFoldersAreSeen() =>
        Assert.Equal(["qemu/Suites", "qemu/suites"], Collisions(["qemu/Suites/A.cs", "qemu/suites/a.json"]));

    [Fact]
    public void TwoFilesAreSeen() => Assert.Equal(["docs/A.md", "docs/a.md"], Collisions(["docs/A.md", "docs/a.md"]));

    [Fact]
    public void FilesOfOneFolderAreNone() => Assert.Empty(Collisions(["docs/a.md", "docs/b.md", "qemu/docs/a.md"]));

    /// <summary>Files and folders whose paths differ from another's by case alone.</summary>
    private static IEnumerable<string> Collisions(IEnumerable<string> files) =>
        files
            .SelectMany(WithFolders)
            .Distinct()
            .GroupBy(path => path.ToUpperInvariant())
            .Where(same => same.Count() > 1)
            .SelectMany(same => same);

    private static IEnumerable<string> WithFolders(string file)
    {
        for (string? path = file; !string.IsNullOrEmpty(path); path = Path.GetDirectoryName(path))
        {
            yield return path.Replace('\\', '/');
        }
    }
}
