using System.Text;
using Skerry.Base.Servers.Services;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>What of a component's lines stands without its label.</summary>
public sealed class LogTextTests
{
    [Theory]
    [InlineData("@test name pass", true)]
    [InlineData("@bench name", true)]
    [InlineData("@exits", true)]
    [InlineData("@exit", false)]
    [InlineData("@exit 16 all is well", false)]
    [InlineData("@topology nodes=1", false)]
    [InlineData("@vcore name=x", false)]
    [InlineData("@cluster id=0", false)]
    [InlineData("@registers", false)]
    [InlineData("@boot x", false)]
    [InlineData(" @test", false)]
    [InlineData("", false)]
    public void TheSystemSRecordsAreNoComponents(string line, bool isRecord) =>
        Assert.Equal(isRecord, LogText.IsRecord(Encoding.UTF8.GetBytes(line)));
}
