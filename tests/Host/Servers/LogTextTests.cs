using System.Text;
using Skerry.Base.Servers.Services;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>What a component may put on the console.</summary>
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

    [Theory]
    [InlineData('\r', '?')]
    [InlineData('\u001b', '?')]
    [InlineData('\0', '?')]
    [InlineData('\u007f', '?')]
    [InlineData('\t', ' ')]
    [InlineData('a', 'a')]
    [InlineData(' ', ' ')]
    public void ControlsAreNotPrinted(char value, char printed) =>
        Assert.Equal((byte)printed, LogText.Printable((byte)value));
}
