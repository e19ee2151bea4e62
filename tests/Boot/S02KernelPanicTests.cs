using System.Linq;
using Skerry.Kernel.Layout;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>Faults that the kernel commits when it is asked to. The end is a kernel panic with a report.</summary>
[Collection(QemuCollection.Name)]
public sealed class S02KernelPanicTests
{
    [Theory]
    [InlineData("pagefault", "page fault (vector 14", "Deliberate", "")]
    [InlineData("gp", "general protection fault (vector 13", "Deliberate", "")]
    [InlineData("doublefault", "double fault (vector 8", "Deliberate", "")]
    [InlineData("gsbase", "page fault (vector 14", "Deliberate", "")]
    [InlineData("gsbase", "page fault (vector 14", "Deliberate", "mitigations=on")]
    [InlineData("check", "failed check: index out of range", "ReadBeyond", "")]
    [InlineData("pagefault", "page fault (vector 14", "Deliberate", "mitigations=on")]
    [InlineData("doublefault", "double fault (vector 8", "Deliberate", "mitigations=on")]
    public void EachIsReportedWithNames(string fault, string reason, string where, string append)
    {
        MachineResult result = Run("1x1", 0, fault, append);
        Assert.StartsWith("kernel panic: cluster 0, CPU 0: " + reason, Headline(result));
        Assert.Contains(Trace(result), line => line.Contains(where));
        Assert.Contains(Trace(result), line => line.Contains(EntryPoints.KernelStartMain));
    }

    /// <summary>The report comes on another stack; its backtrace is too short to reach the beginning.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("mitigations=on")]
    public void AStackOverflowIsReportedWithNames(string append)
    {
        MachineResult result = Run("1x1", 0, "stackoverflow", append);
        Assert.StartsWith("kernel panic: cluster 0, CPU 0: double fault (vector 8", Headline(result));
        string[] trace = Trace(result);
        Assert.True(trace.Length > 10);
        Assert.All(trace, line => Assert.Contains("Skerry.Kernel.Startup.Deliberate.Descend", line));
    }

    /// <summary>A cluster other than the first: the report names it, and its own CPUs.</summary>
    [Fact]
    public void AnotherClusterIsNamed()
    {
        MachineResult result = Run("2x2", 1, "pagefault");
        Assert.Contains(result.Lines, line => line.StartsWith("kernel panic: cluster 1, CPU 0: page fault"));
        Assert.Contains(result.Lines, line => line == "cluster 1 stands still");
    }

    /// <summary>
    /// Nobody is above the first program who could hear that it has faulted: its cluster ends with a report.
    /// </summary>
    [Theory]
    [InlineData("")]
    [InlineData("mitigations=on")]
    public void AFaultOfTheFirstProgramIsReported(string append)
    {
        MachineOptions options = Guest.Options(
            Guest.Topology("1x1"),
            ClusterMode.L2,
            "first-program-faults",
            Guest.WithCore(TinyProgram.Crash()),
            append
        );
        MachineResult result = QemuMachine.Run(options).Require(ExitStatus.KernelPanic);
        Assert.Contains(
            result.Lines,
            line =>
                line.StartsWith("kernel panic: cluster 0, CPU 0: the first program has faulted")
                && line.EndsWith("exception (w0: vector, w2: error)")
        );
        Assert.Contains(result.Lines, line => line.EndsWith("w0  0x0000000000000006 w2  0x0000000000000000"));
    }

    private static MachineResult Run(string topology, int cluster, string fault, string append = "")
    {
        MachineOptions options = Guest.Options(
            Guest.Topology(topology),
            ClusterMode.L2,
            $"panic-{fault}",
            Guest.WithCore(TinyProgram.Spin()),
            $"test={cluster}:{fault} panic=exit {append}"
        );
        return QemuMachine.Run(options).Require(ExitStatus.KernelPanic);
    }

    private static string Headline(MachineResult result) =>
        result.Lines.Single(line => line.StartsWith("kernel panic: "));

    /// <summary>The lines of the backtrace, the innermost function first.</summary>
    private static string[] Trace(MachineResult result) =>
        result.Lines.Where(line => line.StartsWith("  0xffffffff8")).ToArray();
}
