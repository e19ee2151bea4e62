using System;
using System.CommandLine;
using System.IO;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry archive</c>: writes the boot archive without booting it.</summary>
internal static class ArchiveCommand
{
    private static readonly Option<string> _configuration = new("--config", "-c")
    {
        Description = "System of components: a name among qemu/configs, or a file.",
        DefaultValueFactory = _ => "demo",
    };

    private static readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Where the archive goes; out/boot.tar if not given.",
    };

    public static Command Create(Repository repository)
    {
        var command = new Command("archive", "Write the boot archive: all programs and the compiled configuration.");
        command.Options.Add(_configuration);
        command.Options.Add(_output);
        command.SetAction(arguments => Write(repository, arguments));
        return command;
    }

    private static int Write(Repository repository, ParseResult arguments)
    {
        string name = arguments.GetValue(_configuration)!;
        string file = repository.Find(repository.Configurations, name, "configuration");
        string output = arguments.GetValue(_output) ?? Path.Combine(repository.Output, "boot.tar");
        SystemDescription system = SystemReader.ReadFile(file);
        Terminal.Print(BootCheck.Check(system, repository, topology: null, ClusterMode.L2));
        string[] images = Directory.Exists(repository.Images) ? Directory.GetFiles(repository.Images) : [];
        OutputFile.RequireNoneOf(output, [file, .. images]);
        long bytes = BootArchive.Write(repository.Images, system, output);
        Console.Out.WriteLine($"{output}: {bytes} bytes");
        return 0;
    }
}
