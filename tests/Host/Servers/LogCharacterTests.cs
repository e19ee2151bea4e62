using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Servers.Services;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Base;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>Characters in lines of LOG: what comes out, where lines are broken, and in how many messages they came.</summary>
public sealed unsafe class LogCharacterTests
{
    private const string Label = "[child] ";

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Odd text around the place where a line is broken.</summary>
    private static Arbitrary<byte[]> LongLines =>
        (
            from before in Gen.Choose(LogSessionServer.MaximumLine - 12, LogSessionServer.MaximumLine)
            from text in OddText.Of(20).Generator
            select (byte[])[.. Enumerable.Repeat((byte)'x', before), .. text, (byte)'\n']
        ).ToArbitrary();

    [Fact]
    public void EachLineIsTextThatCommandsNothing() =>
        Prop.ForAll(
                LongLines,
                text =>
                {
                    foreach (byte[] line in Printed(text, text.Length))
                    {
                        string read = _strict.GetString(line);
                        Assert.StartsWith(Label, read, StringComparison.Ordinal);
                        Assert.EndsWith("\n", read, StringComparison.Ordinal);
                        Assert.DoesNotContain(read[..^1].EnumerateRunes(), Rune.IsControl);
                        Assert.InRange(line.Length, 0, Label.Length + LogSessionServer.MaximumLine + 1);
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ALineIsBrokenBetweenCharactersAndNothingIsLost() =>
        Prop.ForAll(
                (
                    from before in Gen.Choose(LogSessionServer.MaximumLine - 12, LogSessionServer.MaximumLine)
                    from text in OddText.Whole(20).Generator
                    select new string('x', before) + Encoding.UTF8.GetString(text)
                ).ToArbitrary(),
                text =>
                {
                    byte[] bytes = Encoding.UTF8.GetBytes(text + "\n");
                    IEnumerable<string> lines = Printed(bytes, bytes.Length).Select(line => _strict.GetString(line));
                    Assert.Equal(text, string.Concat(lines.Select(line => line[Label.Length..^1])));
                }
            )
            .QuickCheckThrowOnFailure();

    /// <summary>By bytes, by threes, in whole; while the console now and then has no room.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public void ItDoesNotMatterHowATextComes(int part) =>
        Prop.ForAll(
                LongLines,
                text => Assert.Equal(Printed(text, ILogSession.MaximumText), Printed(text, part, isBusy: true))
            )
            .QuickCheckThrowOnFailure();

    /// <summary>One that a server passes on is as its own server left it.</summary>
    [Fact]
    public void AServersLineIsNoDifferent()
    {
        using var log = new LogFixture();
        log.MakeServer();
        log.Write("[west/child] caf\u00e9\n[west/child] \u009b2J\u001b[2J\n");
        Assert.Equal("[west/child] caf\u00e9\n[west/child] ??2J?[2J\n", log.Printed);
    }

    /// <summary>A tab ends the name of a record, as a space does.</summary>
    [Theory]
    [InlineData("@exit\t16 all well", "[child] @exit 16 all well\n")]
    [InlineData("@test\tname pass", "@test name pass\n")]
    public void ATabMakesNoOtherRecord(string text, string printed)
    {
        using var log = new LogFixture();
        log.Write(text + "\n");
        Assert.Equal(printed, log.Printed);
    }

    [Fact]
    public void ALabelIsCutBetweenCharacters()
    {
        using var log = new LogFixture();
        string label = new('x', ServiceSession.MaximumLabel - 1);
        log.Session->SetLabel(Encoding.UTF8.GetBytes(label + "é\u0085"));
        log.Write("text\n");
        Assert.Equal($"[{label}] text\n", log.Printed);
    }

    private static List<byte[]> Printed(byte[] text, int part, bool isBusy = false)
    {
        using var log = new LogFixture();
        for (int at = 0; at < text.Length; )
        {
            log.Room = isBusy ? at % 2 : int.MaxValue;
            int length = Math.Min(part, text.Length - at);
            (LogResult result, uint taken) = log.Write(log.Session, text.AsSpan(at, length));
            at += (int)taken;
            if (result == LogResult.Busy)
            {
                log.Room = 1;
                (_, taken) = log.Write(log.Session, text.AsSpan(at, Math.Min(part, text.Length - at)));
                at += (int)taken;
            }
        }
        return [.. log.Lines];
    }
}
