using System.Text;
using Skerry.Base.Text;
using Xunit;

namespace Skerry.Tests.Host.Base;

/// <summary>Words of a command line.</summary>
public sealed class CommandWordsTests
{
    [Theory]
    [InlineData("late=1", true)]
    [InlineData("cluster=l2 late=1", true)]
    [InlineData("late=1  icount=1", true)]
    [InlineData("", false)]
    [InlineData("late=10", false)]
    [InlineData("not-late=1", false)]
    public void A_word_is_there_as_a_whole(string line, bool there) =>
        Assert.Equal(there, CommandWords.Has(Encoding.ASCII.GetBytes(line), "late=1"u8));

    [Theory]
    [InlineData("seed=7", 7)]
    [InlineData("calls=3 seed=12 era=1", 12)]
    [InlineData("seed=1 seed=2", 2)]
    [InlineData("", 5)]
    [InlineData("seed=", 5)]
    [InlineData("seed=x", 5)]
    [InlineData("noseed=7", 5)]
    public void A_number_stands_behind_its_name(string line, ulong number) =>
        Assert.Equal(number, CommandWords.Number(Encoding.ASCII.GetBytes(line), "seed="u8, 5));
}
