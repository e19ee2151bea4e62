using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

public sealed class RecordLineTests
{
    [Fact]
    public void TakesALineApart()
    {
        RecordLine line = RecordLine.Parse("@test S10/fault fail expected=read got=write at 0x10")!;
        Assert.Equal("test", line.Kind);
        Assert.Equal(("S10/fault", "fail"), (line.Word(0), line.Word(1)));
        Assert.Equal("expected=read got=write at 0x10", line.Rest(2));
        Assert.Equal("write", line.Fields["got"]);
        Assert.Equal("", line.Word(99));
    }

    [Theory]
    [InlineData("")]
    [InlineData("for people")]
    [InlineData("mail@example")]
    [InlineData("@")]
    [InlineData("@ test")]
    [InlineData(" @test")]
    public void OtherLinesAreForPeople(string line) => Assert.Null(RecordLine.Parse(line));
}
