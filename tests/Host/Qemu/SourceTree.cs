using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Skerry.Qemu;

namespace Skerry.Tests.Host.Qemu;

/// <summary>
/// A folder with the Makefile, build.ps1 and a few sources of no content, and a <c>dotnet</c> that builds nothing and writes
/// down what it was asked for.
/// </summary>
internal sealed class SourceTree : IDisposable
{
    private static readonly string[] _sources =
    [
        "build/link/kernel.ld",
        "kernel/Checking/Rules.cs",
        "kernel/Cpu.cs",
        "kernel/Skerry.Kernel.csproj",
        "tests/CpuTests.cs",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("skerry-").FullName;

    public SourceTree()
    {
        foreach (string source in _sources)
        {
            Write(InTree(source), "");
        }
        foreach (string file in new[] { "Makefile", "build.ps1", "build/images.sh", "build/step.sh" })
        {
            File.Copy(Path.Combine(Repository.Locate().Root, file), InTree(file));
        }
        WriteProgram(InTree("qemu/setup.sh"), "exit 0");
        // The first word, and the solution, or the command of the host tool.
        WriteProgram(
            Path.Combine(_folder, "bin", "dotnet"),
            $"""
            case $1 in
                exec) echo "exec $3" ;;
                *) echo "$1 $2" ;;
            esac >> '{Said}'
            if [ -e "{_folder}/$1" ]; then . "{_folder}/$1"; fi
            """
        );
        DateTime before = DateTime.UtcNow.AddHours(-1);
        foreach (string path in Directory.EnumerateFileSystemEntries(InTree(""), "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(path, before);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Said => Path.Combine(_folder, "said");

    public void Change(string source) => File.SetLastWriteTimeUtc(InTree(source), DateTime.UtcNow);

    public void Remove(string source) => File.Delete(InTree(source));

    /// <summary>Has commands of the shell run whenever dotnet is asked for something.</summary>
    public void During(string asked, string commands) => File.WriteAllText(Path.Combine(_folder, asked), commands);

    /// <summary>
    /// Commands for <see cref="During"/>: the first that is asked starts another program beside itself, and goes on when
    /// that has said something, or has ended.
    /// </summary>
    public string Beside(string program, string until) =>
        $"""
            if mkdir '{_folder}/beside' 2>/dev/null; then
                (cd '{InTree("")}'; {program} > '{_folder}/beside/said' 2>&1; echo $? > '{_folder}/beside/status') &
                while [ ! -s '{_folder}/beside/status' ] && ! grep -qs '{until}' '{_folder}/beside/said'; do sleep 0.02; done
            fi
            """;

    /// <summary>Waits for the end of what runs beside.</summary>
    public int StatusBeside()
    {
        HostProgram.Run("sh", "-c", $"while [ ! -s '{_folder}/beside/status' ]; do sleep 0.02; done");
        return int.Parse(File.ReadAllText($"{_folder}/beside/status"), CultureInfo.InvariantCulture);
    }

    public string SaidBeside => File.ReadAllText($"{_folder}/beside/said");

    public DateTime TimeOf(string file) => File.GetLastWriteTimeUtc(InTree(file));

    /// <param name="tool"><c>make</c> or <c>build.ps1</c>.</param>
    /// <param name="target">What is made.</param>
    /// <param name="status">What the tool ended with.</param>
    /// <returns>What dotnet was asked for meanwhile.</returns>
    public string[] Run(string tool, string target, out int status)
    {
        File.WriteAllText(Said, "");
        // A make that runs these tests would have this one take its variables.
        var variables = new Dictionary<string, string?>
        {
            ["PATH"] = $"{_folder}/bin:{Environment.GetEnvironmentVariable("PATH")}",
            ["MAKEFLAGS"] = null,
            ["MAKELEVEL"] = null,
        };
        HostProgram run =
            tool == "make"
                ? HostProgram.RunWith(variables, "make", "-C", InTree(""), target)
                : HostProgram.RunWith(variables, "dotnet", "pwsh", "-NoProfile", InTree(tool), target);
        status = run.Status;
        return [.. File.ReadLines(Said).Where(line => line.Length > 0)];
    }

    /// <summary>Names in out/images.</summary>
    public string[] Images =>
        [.. Directory.EnumerateFiles(InTree("out/images")).Select(path => Path.GetFileName(path)!).Order()];

    private string InTree(string path) => Path.Combine(_folder, "tree", path);

    private static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static void WriteProgram(string path, string commands)
    {
        Write(path, $"#!/bin/sh\n{commands}\n");
        HostProgram.Run("chmod", "+x", path);
    }
}
