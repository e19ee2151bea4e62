using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi.Boot;
using Skerry.Boot.Memory;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed class RangeSetTests
{
    private const int Universe = 64;

    [Fact]
    public void BehavesAsASetOfAddresses() =>
        Prop.ForAll(
                Gen.Choose(0, Universe)
                    .Three()
                    .Select(three => (IsAdd: three.Item1 % 2 == 0, three.Item2, three.Item3))
                    .ArrayOf()
                    .ToArbitrary(),
                steps =>
                {
                    var set = new RangeSet();
                    bool[] model = new bool[Universe];
                    foreach ((bool isAdd, int start, int end) in steps)
                    {
                        Assert.True(isAdd ? set.Add((ulong)start, (ulong)end) : set.Remove((ulong)start, (ulong)end));
                        for (int i = start; i < end; i++)
                        {
                            model[i] = isAdd;
                        }
                    }
                    AssertSame(model, set.Ranges.ToArray());
                }
            )
            .Check(SoakConfig.Of(1000));

    [Fact]
    public void AlignmentCutsBothEnds()
    {
        var set = new RangeSet();
        set.Add(0x1001, 0x4fff);
        set.Add(0x5001, 0x5fff);
        set.Add(0x7000, 0x8000);
        set.Align(0x1000);
        Assert.Equal(
            [(0x2000ul, 0x2000ul), (0x7000ul, 0x1000ul)],
            set.Ranges.ToArray().Select(r => (r.Base, r.Length))
        );
    }

    [Fact]
    public void AFullSetLosesTheSmallestAndSaysHowMuch()
    {
        RangeSet set = Full();
        Assert.False(set.Add(7, 8));
        Assert.Equal((RangeSet.Capacity, 1ul), (set.Count, set.LostBytes));
        set.Remove(10, 12);
        Assert.False(set.Add(9990, 10_000));
        Assert.Equal((RangeSet.Capacity, 1ul + 3), (set.Count, set.LostBytes));
        Assert.DoesNotContain(set.Ranges.ToArray(), range => range.Base == 12);
        Assert.Equal(10ul, set.Ranges[RangeSet.Capacity - 1].Length);
        Assert.True(set.Add(5, 10));
        set.Clear();
        Assert.Equal((0, 0ul), (set.Count, set.LostBytes));
    }

    [Theory]
    [InlineData(3, 4, 0, 3)]
    [InlineData(1, 2, 2, 3)]
    public void ARangeOfAFullSetThatFallsInTwoKeepsItsLargerPart(ulong start, ulong end, ulong kept, ulong length)
    {
        RangeSet set = Full();
        Assert.False(set.Remove(start, end));
        Assert.Equal((kept, length), (set.Ranges[0].Base, set.Ranges[0].Length));
        Assert.Equal((RangeSet.Capacity, 5 - (end - start) - length), (set.Count, set.LostBytes));
    }

    /// <summary>Ranges of five bytes with five between them.</summary>
    private static RangeSet Full()
    {
        var set = new RangeSet();
        for (ulong i = 0; i < RangeSet.Capacity; i++)
        {
            Assert.True(set.Add(i * 10, i * 10 + 5));
        }
        return set;
    }

    private static void AssertSame(bool[] model, PhysicalRange[] ranges)
    {
        for (int i = 0; i < Universe; i++)
        {
            ulong address = (ulong)i;
            Assert.Equal(model[i], ranges.Any(range => range.Base <= address && address < range.Base + range.Length));
        }
        for (int i = 1; i < ranges.Length; i++)
        {
            Assert.True(ranges[i - 1].Base + ranges[i - 1].Length < ranges[i].Base, "ranges touch or are out of order");
        }
    }
}
