using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Sessions;
using Xunit;

namespace Skerry.Tests.Host.Base;

public class AffinityTests
{
    [Theory]
    [InlineData(0, 0, 4, 8, 4, 8, false)]
    [InlineData(1, 1, 4, 8, 5, 1, false)]
    [InlineData(6, 4, 4, 8, 10, 2, true)]
    [InlineData(8, 1, 4, 8, 11, 1, true)]
    [InlineData(0, 9, 0, 2, 0, 2, true)]
    [InlineData(3, 1, 2, 0, 2, 1, true)]
    public void ALocationIsClippedToItsSpace(
        uint x,
        uint width,
        uint first,
        uint space,
        uint atX,
        uint atWidth,
        bool cut
    )
    {
        Affinity within = new Affinity(x, width).Within(new Affinity(first, space), out bool clipped);
        Assert.Equal((atX, atWidth, cut), (within.X, within.Width, clipped));
    }

    [Fact]
    public void ItIsNeverEmptyAndNeverOutside() =>
        Prop.ForAll<uint, uint, byte>(
                (x, width, space) =>
                {
                    Affinity within = new Affinity(x, width).Within(new Affinity(7, space), out _);
                    Assert.True(within.Width > 0);
                    Assert.InRange(within.X, 7u, 7u + space);
                    Assert.True(within.X + within.Width <= 7u + System.Math.Max(1u, space));
                }
            )
            .QuickCheckThrowOnFailure();
}
