using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Benchmarks;

/// <summary>Boots a program in core's place, with counted instructions, and reads what it prints: apps/kernelbench.</summary>
public static class KernelSuite
{
    private const string Program = "kernelbench";

    /// <exception cref="BadInputException">A program has not been built.</exception>
    /// <exception cref="MachineFailureException">The machine did not end in success; the message has its log.</exception>
    public static IReadOnlyList<KernelFigure> Run(Repository repository, KernelMachine machine) =>
        [
            .. RunProgram(repository, machine, Program)
                .RecordsOf("bench")
                .Select(line => KernelFigure.Of(line, machine.Name)),
        ];

    /// <summary>The same with another program.</summary>
    /// <exception cref="BadInputException">A program has not been built.</exception>
    /// <exception cref="MachineFailureException">The machine did not end in success; the message has its log.</exception>
    public static MachineResult RunProgram(Repository repository, KernelMachine machine, string program)
    {
        using RunFiles files = RunFiles.Claim(repository, $"{program}-{machine.Name}");
        WriteArchive(repository, program, files.Archive);
        return QemuMachine.Run(Options(repository, machine, files)).Require(ExitStatus.Success);
    }

    private static MachineOptions Options(Repository repository, KernelMachine machine, RunFiles files) =>
        new()
        {
            Topology = TopologyCatalog.Load(repository, Topology(repository, machine)),
            Kernel = Image(repository, BootArchive.Bootstrap),
            Archive = files.Archive,
            CommandLine = $"cluster={PreparedSystem.Word(machine.Mode)} icount=1 {machine.Append}".TrimEnd(),
            Accelerator = Accelerator.InstructionCount,
            TimeLimit = TimeSpan.FromMinutes(5),
            LogFile = files.Log,
        };

    private static string Topology(Repository repository, KernelMachine machine)
    {
        string own = Path.Combine(repository.Root, "qemu", "suites", $"{machine.Topology}.json");
        return File.Exists(own) ? own : machine.Topology;
    }

    private static void WriteArchive(Repository repository, string program, string path)
    {
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["core.elf"] = File.ReadAllBytes(Image(repository, program)),
            ["kernel.elf"] = File.ReadAllBytes(Image(repository, "kernel")),
        };
        OutputFile.Write(path, stream => BootArchive.Write(stream, entries));
    }

    private static string Image(Repository repository, string name)
    {
        string path = BootArchive.Image(repository.Images, name);
        return File.Exists(path) ? path : throw new BadInputException($"{path} is not there; \"make build\" makes it");
    }
}
