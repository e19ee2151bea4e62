using System.CommandLine;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Commands;

/// <summary>The options that choose a machine, its clustering and its system; the same for every command.</summary>
internal sealed class MachineSelection
{
    private readonly Option<string> _topology = new("--topology", "-t")
    {
        Description = "Machine: a name that 'skerry topologies' lists, or a file.",
        DefaultValueFactory = _ => TopologyCatalog.Default,
    };

    private readonly Option<ClusterMode> _cluster = ValueOptions.Choice(
        "--cluster",
        ClusterMode.L2,
        "Which CPUs one kernel instance runs."
    );

    private readonly Option<MitigationMode> _mitigations = ValueOptions.Choice(
        "--mitigations",
        MitigationMode.Off,
        "Whether the kernels guard against vulnerabilities of processors."
    );

    private readonly Option<string?> _configuration = new("--config", "-c")
    {
        Description =
            "System of components: a name among qemu/configs, or a file; else the demo that fits the machine.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_topology);
        command.Options.Add(_cluster);
        command.Options.Add(_mitigations);
        command.Options.Add(_configuration);
    }

    public PreparedSystem Prepare(Repository repository, ParseResult arguments) =>
        PreparedSystem.Prepare(
            repository,
            arguments.GetValue(_topology)!,
            arguments.GetValue(_cluster),
            arguments.GetValue(_mitigations),
            arguments.GetValue(_configuration)
        );
}
