using Skerry.Qemu.Source;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

public sealed class NearestNameTests
{
    private static readonly string[] _names = ["run", "debug", "8x10", "1x1", "capabilities", "children"];

    [Theory]
    [InlineData("rum", "run")]
    [InlineData("rnu", "run")]
    [InlineData("urn", "run")]
    [InlineData("RUN", "run")]
    [InlineData("8x1", "8x10")]
    [InlineData("childen", "children")]
    [InlineData("capabilites", "capabilities")]
    [InlineData("capbiltes", "capabilities")]
    [InlineData("fun", "run")]
    [InlineData("far", null)]
    [InlineData("ability", null)]
    [InlineData("", null)]
    public void IsWhatWasMeant(string given, string? nearest) => Assert.Equal(nearest, NearestName.Of(given, _names));

    [Fact]
    public void AHintIsNothingOrAQuestion()
    {
        Assert.Equal("; did you mean \"run\"?", NearestName.Hint("rn", _names));
        Assert.Equal("", NearestName.Hint("something else", _names));
    }
}
