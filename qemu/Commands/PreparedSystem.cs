using System;
using System.IO;
using System.Linq;
using System.Text;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using MachineHeader = Skerry.Abi.Boot.MachineHeader;

namespace Skerry.Qemu.Commands;

/// <summary>
/// A machine and a checked system for it, with the archive written: all that a run needs. Its files are its own until it
/// is disposed of.
/// </summary>
public sealed class PreparedSystem : IDisposable
{
    /// <summary>Of the guest's command line, each set by the option of the same name.</summary>
    private static readonly string[] _ownWords = ["cluster", "mitigations", "icount"];

    private readonly Repository _repository;
    private readonly RunFiles _files;

    private PreparedSystem(
        Repository repository,
        Topology topology,
        ClusterMode mode,
        MitigationMode mitigations,
        ChosenSystem chosen
    )
    {
        string suffix = mitigations == MitigationMode.On ? "-mitigations" : "";
        string name = $"{topology.Name}-{Word(mode)}-{chosen.Name}{suffix}";
        _repository = repository;
        _files = RunFiles.Claim(repository, name);
        Topology = topology;
        Mode = mode;
        Mitigations = mitigations;
        Name = name;
        System = chosen.System;
        SystemName = chosen.Name;
    }

    public Topology Topology { get; }

    public ClusterMode Mode { get; }

    public MitigationMode Mitigations { get; }

    /// <summary>What runs where: topology, clustering, configuration, mitigations.</summary>
    public string Name { get; }

    public SystemDescription System { get; }

    /// <summary>Of the system's file, without its ending.</summary>
    public string SystemName { get; }

    /// <param name="repository">Where files are looked for and written.</param>
    /// <param name="topologyName">A name or file.</param>
    /// <param name="mode">The clustering.</param>
    /// <param name="mitigations">Of the kernels.</param>
    /// <param name="configuration">A name or file; the demo that fits if there is none.</param>
    /// <exception cref="BadInputException">The topology, the configuration or both together are refused.</exception>
    public static PreparedSystem Prepare(
        Repository repository,
        string topologyName,
        ClusterMode mode,
        MitigationMode mitigations,
        string? configuration
    )
    {
        Topology topology = TopologyCatalog.Load(repository, topologyName);
        ChosenSystem chosen = ChosenSystem.Choose(repository, configuration, topology, mode);
        Terminal.Print(chosen.Warnings);
        var prepared = new PreparedSystem(repository, topology, mode, mitigations, chosen);
        try
        {
            BootArchive.Write(repository.Images, chosen.System, prepared._files.Archive);
            ArchivePlace.Check(
                topology,
                (ulong)new FileInfo(prepared._files.Archive).Length,
                new ProgramCatalog(repository.Images).BootstrapBytes
            );
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    public void Dispose() => _files.Dispose();

    /// <param name="append">Further words for the guest's command line.</param>
    /// <exception cref="BadInputException">
    /// The line is longer than bootstrap takes, or one of these words is an option's to set: of two the last would count.
    /// </exception>
    public MachineOptions Options(string append = "")
    {
        RefuseOwnWords(append);
        string line = $"cluster={Word(Mode)} mitigations={Word(Mitigations)} {append}".TrimEnd();
        int bytes = Encoding.UTF8.GetByteCount(line);
        if (bytes > MachineHeader.MaximumCommandLine)
        {
            throw new BadInputException(
                $"the guest's command line has {bytes} bytes, and may have {MachineHeader.MaximumCommandLine}"
            );
        }
        return new()
        {
            Topology = Topology,
            Kernel = BootArchive.Image(_repository.Images, BootArchive.Bootstrap),
            Archive = _files.Archive,
            CommandLine = line,
            LogFile = _files.Log,
        };
    }

    /// <summary>Bootstrap tells words apart by blanks.</summary>
    private static void RefuseOwnWords(string append)
    {
        foreach (string word in append.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            string name = word.Split('=')[0];
            if (_ownWords.Contains(name))
            {
                throw new BadInputException($"--append does not take \"{word}\": --{name} sets it");
            }
        }
    }

    /// <summary>The mode as the guest's command line and file names have it.</summary>
    public static string Word(ClusterMode mode) => mode.ToString().ToLowerInvariant();

    public static string Word(MitigationMode mode) => mode.ToString().ToLowerInvariant();
}
