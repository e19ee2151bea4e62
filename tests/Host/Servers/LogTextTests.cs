using System.Text;
using Skerry.Base.Servers.Services;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>What of a client's lines stands without its label.</summary>
public sealed class LogTextTests
{
    [Theory]
    [InlineData("@test name pass", true)]
    [InlineData("@bench name", true)]
    [InlineData("@trace entry=call", true)]
    [InlineData("@test", true)]
    [InlineData("@tests", false)]
    [InlineData("@exit", false)]
    [InlineData("@exit 16 all is well", false)]
    [InlineData("@topology nodes=1", false)]
    [InlineData("@vcore name=x", false)]
    [InlineData("@restart server=core", false)]
    [InlineData("@cluster id=0", false)]
    [InlineData("@registers", false)]
    [InlineData("@boot x", false)]
    [InlineData("@unheard of", false)]
    [InlineData("@", false)]
    [InlineData(" @test", false)]
    [InlineData("", false)]
    public void AComponentHasFewRecords(string line, bool isItsOwn) =>
        Assert.Equal(isItsOwn, LogText.IsComponents(Encoding.UTF8.GetBytes(line)));

    [Theory]
    [InlineData("vcore west: owns 4 MiB and 2 CPUs of cluster 1, from CPU 0")]
    [InlineData("vcore west: child a exited with 0")]
    [InlineData("[west/a] text")]
    [InlineData("[west/a -> label] text")]
    [InlineData("@vcore name=west cluster=0")]
    [InlineData("@restart server=west child=a")]
    public void AVcoreSpeaksForItself(string line) => Assert.True(IsWests(line));

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("west: child a exited with 0")]
    [InlineData("vcore west")]
    [InlineData("vcore west owns all")]
    [InlineData("vcore west2: child a exited with 0")]
    [InlineData("vcore east: child a exited with 0")]
    [InlineData(" vcore west: child a exited with 0")]
    [InlineData("core: child innocent faulted: write to 0x8 (no region) at ip 0x400000")]
    [InlineData("core: child west exited with 0")]
    [InlineData("core 0: 2 CPUs, 59852 KiB to give")]
    [InlineData("[west] text")]
    [InlineData("[west")]
    [InlineData("[west2/a] text")]
    [InlineData("[core/innocent] text")]
    [InlineData("[east/a] text")]
    [InlineData("@vcore name=west")]
    [InlineData("@vcore name=west2 cluster=0")]
    [InlineData("@vcore cluster=0 name=west ")]
    [InlineData("@restart server=core child=a")]
    [InlineData("@restart server=east child=a")]
    [InlineData("@exit 16 all is well")]
    [InlineData("@boot first-component cluster=0")]
    [InlineData("@test name pass")]
    [InlineData("cluster 1, as configured: core, vcore west (a)")]
    [InlineData("warning: SRAT: no entries")]
    public void AVcoreSpeaksForNobodyElse(string line) => Assert.False(IsWests(line));

    private static bool IsWests(string line) => LogText.IsVcores(Encoding.UTF8.GetBytes(line), "west"u8);
}
