using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>Tests that drive gdb are left out where it is missing.</summary>
internal static class Debugger
{
    public static void Require()
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        bool isThere = path.Any(directory => File.Exists(Path.Combine(directory, "gdb")));
        Assert.SkipUnless(isThere, "gdb is not installed; \"make setup-debug\" does that");
    }
}
