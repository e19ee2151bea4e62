using System;
using System.IO;
using System.Linq;
using Skerry.Qemu.Commands;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What gdb is told, it understands, whatever signs the path of the checkout has.</summary>
public sealed class DebuggerScriptTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("skerry-gdb").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("plain")]
    [InlineData("with spaces in it")]
    [InlineData("with \"quotes\" too")]
    [InlineData("(a) & b")]
    public void ACheckoutMayLieAnywhere(string folder)
    {
        SkipWithoutGdb();
        string root = Path.Combine(_directory, folder);
        string script = Path.Combine(_directory, "script");
        Directory.CreateDirectory(Path.Combine(root, "qemu", "debugger"));
        File.WriteAllText(Path.Combine(root, "qemu/debugger/skerry.py"), "print('skerry is there')\n");
        // No machine runs.
        var lines = DebuggerScript
            .Preparation(root, 1)
            .Where(line => !line.StartsWith("target remote", StringComparison.Ordinal));
        File.WriteAllLines(script, [.. lines, "show substitute-path"]);
        HostProgram run = HostProgram.Run("gdb", "-q", "-batch", "-x", script);
        Assert.Contains("skerry is there", run.Output);
        Assert.Contains($"`/skerry' -> `{root}'.", run.Output);
    }

    /// <summary>A method that is inlined has no symbol, but it is in the sources; what is nowhere is in neither.</summary>
    [Theory]
    [InlineData("PingServer.Increment", "apps/pingserver/PingServer.cs:")]
    [InlineData("MessageWriter.WriteWord", "base/Rpc/MessageWriter.cs:")]
    [InlineData("PingServer.NoSuchMethod", "None")]
    [InlineData("NoSuchClass.Increment", "None")]
    [InlineData("Increment", "None")]
    public void AMethodIsFoundInTheSources(string method, string place)
    {
        SkipWithoutGdb();
        HostProgram run = HostProgram.Run(
            "gdb",
            "-q",
            "-batch",
            "-ex",
            $"python import sys; sys.path.insert(0, 'qemu/debugger'); import sources; print(sources.declaration('{method}'))"
        );
        Assert.StartsWith(place, run.Output);
    }

    private static void SkipWithoutGdb()
    {
        bool isThere = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(path => File.Exists(Path.Combine(path, "gdb")));
        Assert.SkipUnless(isThere, "gdb is not installed; \"make setup-debug\" does that");
    }
}
