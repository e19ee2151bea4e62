using System;
using System.IO;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The project's own source files, for tests of what only their text shows.</summary>
internal static class SourceText
{
    /// <param name="path">From the top of the repository.</param>
    public static string Read(string path)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Skerry.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new IOException("The test runs outside of its repository.");
        }
        return File.ReadAllText(Path.Combine(folder, path));
    }
}
