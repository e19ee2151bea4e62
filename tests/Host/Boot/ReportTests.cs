using System;
using Skerry.Abi.Boot;
using Skerry.Boot.Console;
using Skerry.Boot.Warnings;
using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Boot;

/// <summary>What is printed, read with the host tool's own reader.</summary>
public sealed class ReportTests
{
    [Fact]
    public void RecordsTellTheMachine()
    {
        MachineBuilder builder = MachineBuilder.From("memoryless-node", l2Shift: 1);
        builder.Machine.SetDistance(1, 2, 12);
        builder.Form(ClusterMode.L2).Divide();
        BufferConsole.Clear();
        Records<BufferConsole>.Write(
            ref builder.Machine,
            ref builder.Clusters,
            ClusterMode.L2,
            100,
            200,
            1_000_000_000,
            ref builder.Warnings
        );
        RecordLine[] lines = Array.ConvertAll(BufferConsole.Lines(), line => RecordLine.Parse(line)!);
        Assert.Equal(
            ["topology", "topology", "topology", "topology", "topology", "topology", "cluster", "cluster", "cluster"],
            Array.ConvertAll(lines, l => l.Kind)
        );
        Assert.Equal(("3", "6", "3", "l2"), (F(0, "nodes"), F(0, "cpus"), F(0, "clusters"), F(0, "mode")));
        Assert.Equal(("1", "0", "2-3", "20,10,12"), (F(2, "node"), F(2, "memory"), F(2, "cpus"), F(2, "distances")));
        Assert.Equal(("l2", "0-1/2-3/4-5"), (F(4, "cache"), F(4, "groups")));
        Assert.Equal(("1", "1", "2", "2-3"), (F(7, "id"), F(7, "node"), F(7, "memory-node"), F(7, "cpus")));
        Assert.Equal(("100", "200", "0x0"), (F(7, "text"), F(7, "data"), F(7, "kernel")));

        string F(int line, string field) => lines[line].Fields[field];
    }

    [Fact]
    public void PeopleReadNodesDistancesCachesAndInstances()
    {
        MachineBuilder builder = MachineBuilder.From("cpuless-node", l2Shift: 1).Form(ClusterMode.Node);
        builder.Divide();
        builder.Warnings.Add(WarningSource.Slit, WarningReason.Missing);
        builder.Warnings.Add(WarningSource.Madt, WarningReason.BadEntry, 44);
        BufferConsole.Clear();
        WarningLines<BufferConsole>.Write(ref builder.Warnings, default);
        Report<BufferConsole>.WriteMachine(ref builder.Machine);
        Report<BufferConsole>.WriteClusters(
            ref builder.Machine,
            ref builder.Clusters,
            ref builder.Shares,
            ClusterMode.Node,
            mitigations: true,
            2048,
            4096
        );
        string[] lines = BufferConsole.Lines();
        Assert.Contains("warning: SLIT: is missing", lines);
        Assert.Contains("warning: MADT: has a broken entry (at offset 0x2c)", lines);
        Assert.Contains("  node 1: 64 MiB, no CPUs", lines);
        Assert.Contains(
            "kernel instances: 2 (cluster=node, mitigations=on), each 2 KiB of text and 4 KiB of data",
            lines
        );
        Assert.Contains("  node 2: 128 MiB, CPUs 2-3", lines);
        Assert.Contains("    2:   20   20   10   20", lines);
        Assert.Contains("CPUs that share an L2: {0-1} {2-3}", lines);
        Assert.Contains(
            lines,
            line => line.StartsWith("  cluster 1: CPUs 2-3 of node 2, kernel at 0x0 on node 2, owns 192 MiB:")
        );
    }

    [Fact]
    public void NumbersAreWritten()
    {
        BufferConsole.Clear();
        Text<BufferConsole>.Write(0ul);
        Text<BufferConsole>.WriteHex(0);
        Text<BufferConsole>.Write(ulong.MaxValue);
        Text<BufferConsole>.WriteHex(ulong.MaxValue);
        Text<BufferConsole>.WriteRight(7, 3);
        Text<BufferConsole>.WriteRight(1234, 3);
        Text<BufferConsole>.WriteBytes(3 << 20);
        Text<BufferConsole>.WriteBytes(5 << 10);
        Text<BufferConsole>.Line();
        Assert.Equal("00x0184467440737095516150xffffffffffffffff  712343 MiB5 KiB", BufferConsole.Lines()[0]);
    }

    [Fact]
    public void EveryWarningHasWords()
    {
        Assert.All(Enum.GetValues<WarningReason>(), reason => Assert.False(WarningText.Of(reason).IsEmpty));
        Assert.All(Enum.GetValues<WarningSource>(), source => Assert.False(WarningText.Of(source).IsEmpty));
    }
}
