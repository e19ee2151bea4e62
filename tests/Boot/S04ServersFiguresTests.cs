using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// What core's and a vcore's operations cost is no more than what is on record (docs/figures/servers.json). Whoever has a
/// reason to let one grow, or has made one cheaper, records anew: <c>skerry bench --suite servers --record</c>.
/// </summary>
[Collection(CountedCollection.Name)]
public sealed partial class S04ServersFiguresTests
{
    /// <summary>Of a sample that is followed: what marks its begin and end is stepped through as well.</summary>
    private const int AroundThePath = 60;

    private static readonly Repository _repository = Repository.Locate();

    public static TheoryData<string> Machines => new(ServersMachine.All.Select(machine => machine.Name));

    [Theory]
    [MemberData(nameof(Machines))]
    public void NoFigureHasGrown(string name)
    {
        ServersMachine machine = ServersMachine.All.Single(machine => machine.Name == name);
        IReadOnlyList<ServersFigure> measured = ServersSuite.Run(_repository, machine);
        ServersRecord record = ServersRecord.Read(ServersRecord.PathIn(_repository));
        IReadOnlyList<string> regressions = record.Regressions(measured, [name]);
        Assert.True(
            regressions.Count == 0,
            $"against the record of {record.Date}, {record.Commit}:\n{string.Join('\n', regressions)}"
        );
        IEnumerable<string> known = ServersReference
            .Read(_repository)
            .Rows.Where(row => row.IsMeasuredOn(machine))
            .Select(row => row.Name);
        Assert.Equal(known.Order(), measured.Select(figure => figure.Name).Order());
        KernelMachines.AreCounted(measured);
    }

    /// <summary>gdb steps through as many instructions as the row counts, in the programs that it goes through.</summary>
    [Fact]
    public void ARowIsFollowed()
    {
        Debugger.Require();
        HostProgram run = HostProgram.Skerry("bench", "--suite", "servers", "--path", "rpc-empty");
        Assert.Equal((int)ExitStatus.Success, run.Status);
        Match all = Instructions().Match(run.Output);
        Assert.True(all.Success, run.Output + run.Error);
        long row = ServersRecord
            .Read(ServersRecord.PathIn(_repository))
            .Figures.Single(figure => figure is { Name: "rpc-empty", Machine: "1x1-core" })
            .Median;
        Assert.InRange(long.Parse(all.Groups[1].Value), row, row + AroundThePath);
        Assert.Contains("Fastpath.Call", run.Output);
        Assert.Contains("Entrypoint.Serve", run.Output);
    }

    [GeneratedRegex("rpc-empty on 1x1-core: ([0-9]+) instructions")]
    private static partial Regex Instructions();
}
