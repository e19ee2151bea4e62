using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Abi;
using Skerry.Qemu;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;

namespace Skerry.Tests.Boot;

/// <summary>Machines that boot our bootstrap program with an archive of a test's own making.</summary>
internal static class Guest
{
    private static readonly Repository _repository = Repository.Locate();

    /// <summary>All topologies that come with the project.</summary>
    public static IReadOnlyList<string> Topologies => TopologyCatalog.Names(_repository).ToArray();

    public static Topology Topology(string name) => TopologyCatalog.Load(_repository, name);

    public static byte[] Image(string name) => File.ReadAllBytes(BootArchive.Image(_repository.Images, name));

    /// <summary>What a kernel needs, and a program that ends the machine as soon as it runs in core's place.</summary>
    public static Dictionary<string, byte[]> Smallest() => WithCore(TinyProgram.Exit(ExitCode.Success));

    /// <summary>The kernel, and a program in core's place.</summary>
    public static Dictionary<string, byte[]> WithCore(byte[] core) =>
        new() { ["kernel.elf"] = Image("kernel"), ["core.elf"] = core };

    /// <param name="topology">The machine.</param>
    /// <param name="mode">The clustering.</param>
    /// <param name="name">Tells the run's files from those of others.</param>
    /// <param name="archive">Its entries.</param>
    /// <param name="append">Further words for the guest's command line.</param>
    public static MachineOptions Options(
        Topology topology,
        ClusterMode mode,
        string name,
        IReadOnlyDictionary<string, byte[]> archive,
        string append = ""
    )
    {
        string word = PreparedSystem.Word(mode);
        string run = $"{topology.Name}-{word}-{name}";
        return new MachineOptions
        {
            Topology = topology,
            Kernel = BootArchive.Image(_repository.Images, BootArchive.Bootstrap),
            Archive = Write(archive, run),
            CommandLine = $"cluster={word} {append}".TrimEnd(),
            LogFile = Path.Combine(_repository.Logs, $"test-{run}.log"),
        };
    }

    private static string Write(IReadOnlyDictionary<string, byte[]> archive, string run)
    {
        string path = Path.Combine(_repository.Output, "test", run + ".tar");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream stream = File.Create(path);
        BootArchive.Write(stream, archive);
        return path;
    }
}
