using System.Text;
using Skerry.Abi.Boot;
using Skerry.Boot.CommandLines;
using Skerry.Boot.Console;
using Skerry.Boot.Warnings;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", ClusterMode.L2, 0)]
    [InlineData("cluster=cpu", ClusterMode.Cpu, 0)]
    [InlineData("a=b  cluster=node quiet", ClusterMode.Node, 0)]
    [InlineData("cluster=l2 cluster=machine", ClusterMode.Machine, 0)]
    [InlineData("subcluster=cpu", ClusterMode.L2, 0)]
    [InlineData("cluster=l3", ClusterMode.L2, 1)]
    [InlineData("cluster=", ClusterMode.L2, 1)]
    [InlineData("cluster=cpux", ClusterMode.L2, 1)]
    public void ReadsTheMode(string line, ClusterMode mode, int warnings)
    {
        var list = new WarningList();
        Assert.Equal(mode, ClusterModeReader.Read(Encoding.ASCII.GetBytes(line), ref list));
        Assert.Equal(warnings, list.Count);
    }

    [Theory]
    [InlineData("", false, 0)]
    [InlineData("mitigations=on", true, 0)]
    [InlineData("mitigations=off", false, 0)]
    [InlineData("mitigations=on mitigations=off", false, 0)]
    [InlineData("nomitigations=on", false, 0)]
    [InlineData("mitigations=yes", false, 1)]
    [InlineData("mitigations=", false, 1)]
    public void ReadsTheMitigations(string line, bool areOn, int warnings)
    {
        var list = new WarningList();
        Assert.Equal(areOn, MitigationsReader.Read(Encoding.ASCII.GetBytes(line), ref list));
        Assert.Equal(warnings, list.Count);
    }

    [Theory]
    [InlineData("test=0:pagefault", 0, DeliberateFault.PageFault, 0)]
    [InlineData("test=3:gp", 3, DeliberateFault.GeneralProtection, 0)]
    [InlineData("test=12:doublefault", 12, DeliberateFault.DoubleFault, 0)]
    [InlineData("test=255:stackoverflow", 255, DeliberateFault.StackOverflow, 0)]
    [InlineData("cluster=cpu test=1:check", 1, DeliberateFault.FailedCheck, 0)]
    [InlineData("", 0, DeliberateFault.None, 0)]
    [InlineData("test=gp", 0, DeliberateFault.None, 1)]
    [InlineData("test=:gp", 0, DeliberateFault.None, 1)]
    [InlineData("test=0x1:gp", 0, DeliberateFault.None, 1)]
    [InlineData("test=1023:gp", 1023, DeliberateFault.GeneralProtection, 0)]
    [InlineData("test=4294967296:gp", 0, DeliberateFault.None, 1)]
    [InlineData("test=1:explode", 1, DeliberateFault.None, 1)]
    public void ReadsTheFaultOfACluster(string line, uint cluster, DeliberateFault fault, int warnings)
    {
        var list = new WarningList();
        DeliberateFaultReader reader = DeliberateFaultReader.Read(Encoding.ASCII.GetBytes(line), ref list);
        Assert.Equal(fault, reader.For(cluster));
        Assert.Equal(DeliberateFault.None, reader.For(cluster + 1));
        Assert.Equal(warnings, list.Count);
    }

    [Theory]
    [InlineData("", false, 0)]
    [InlineData("panic=exit", true, 0)]
    [InlineData("panic=exit panic=halt", false, 1)]
    [InlineData("panic=", false, 1)]
    public void ReadsWhatAPanicDoes(string line, bool exits, int warnings)
    {
        var list = new WarningList();
        Assert.Equal(exits, PanicReader.Read(Encoding.ASCII.GetBytes(line), ref list));
        Assert.Equal(warnings, list.Count);
    }

    [Theory]
    [InlineData("cluster=l3", "cluster=l3; known are l2, cpu, node, machine")]
    [InlineData("a=b  cluster=cpu cluster= c", "cluster=; known are l2, cpu, node, machine")]
    [InlineData("mitigations=yes", "mitigations=yes; known are off, on")]
    [InlineData("x panic=halt", "panic=halt; known are exit")]
    [InlineData(
        "test=1:explode y",
        "test=1:explode; known are a cluster, a colon, and pagefault, gp, doublefault, stackoverflow, gsbase, check"
    )]
    public void AValueThatNothingKnowsIsToldWithThoseThatAreKnown(string line, string detail) =>
        Assert.Equal([$"warning: command line: has a value that nothing knows ({detail})"], Warnings(line, 8));

    [Fact]
    public void AValueCannotForgeALine() =>
        Assert.Equal(
            ["warning: command line: has a value that nothing knows (panic=?[2J?@exit??; known are exit)"],
            Warnings("panic=\e[2J\n@exit\u007f\u0080", 1)
        );

    [Fact]
    public void AllValuesThatAreToldAreKnown()
    {
        foreach (string word in new[] { "cluster=", "mitigations=", "panic=", "test=" })
        {
            string known = Encoding.ASCII.GetString(KnownValues.Of(Encoding.ASCII.GetBytes(word)));
            string[] values = known[(known.LastIndexOf("and ") + 1)..].Replace("nd ", "").Split(", ");
            string before = word == "test=" ? word + "0:" : word;
            Assert.All(values, value => Assert.Empty(Warnings(before + value, 1)));
        }
    }

    [Theory]
    [InlineData("test=99:pagefault", 8, "test=99:pagefault; there are 0 to 7")]
    [InlineData("cluster=cpu test=1:gp x", 1, "test=1:gp; there are 0 to 0")]
    [InlineData("test=7:gp", 8, null)]
    [InlineData("cluster=cpu", 1, null)]
    public void AClusterThatIsNotThereIsTold(string line, int clusters, string? detail) =>
        Assert.Equal(
            detail is null ? [] : [$"warning: command line: names a cluster that is not there ({detail})"],
            Warnings(line, clusters)
        );

    /// <summary>All that bootstrap says about the words, on a machine of so many clusters.</summary>
    private static string[] Warnings(string line, int clusters)
    {
        byte[] words = Encoding.ASCII.GetBytes(line);
        var warnings = new WarningList();
        ClusterModeReader.Read(words, ref warnings);
        MitigationsReader.Read(words, ref warnings);
        PanicReader.Read(words, ref warnings);
        DeliberateFaultReader.Read(words, ref warnings).RequireCluster(clusters, ref warnings);
        BufferConsole.Clear();
        WarningLines<BufferConsole>.Write(ref warnings, words);
        return BufferConsole.Lines();
    }

    [Fact]
    public void WhatIsTooLongIsRefused()
    {
        var buffer = new CommandLineBuffer();
        Assert.True(buffer.Set(Encoding.ASCII.GetBytes(new string('a', CommandLineBuffer.Capacity))));
        Assert.Equal(CommandLineBuffer.Capacity, buffer.Text.Length);
        Assert.False(buffer.Set(new byte[CommandLineBuffer.Capacity + 1]));
        Assert.True(buffer.Text.IsEmpty);
    }

    [Fact]
    public void WhatIsBlankSeparates()
    {
        var buffer = new CommandLineBuffer();
        Assert.True(buffer.Set("\ta=b\tcluster=node\r\nmitigations=on\vc\fd"u8));
        Assert.Equal(" a=b cluster=node  mitigations=on c d", Encoding.ASCII.GetString(buffer.Text));
        var warnings = new WarningList();
        Assert.Equal(ClusterMode.Node, ClusterModeReader.Read(buffer.Text, ref warnings));
        Assert.True(MitigationsReader.Read(buffer.Text, ref warnings));
    }
}
