using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Skerry.Base.Needs;
using Skerry.Base.Servers;
using Xunit;

namespace Skerry.Tests.Host.Docs;

/// <summary>
/// A number of a page that is a constant's of the sources names it behind itself, as "64 pages (`RequestLimits.MappedPages`)",
/// and is its value.
/// </summary>
public sealed partial class ConstantTests
{
    private const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The target's sources are compiled into the first; those that the host tool has, too, into the second.</summary>
    private static readonly Type[] _types =
    [
        .. typeof(Server).Assembly.GetTypes(),
        .. typeof(ComponentNeeds).Assembly.GetTypes(),
    ];

    public static TheoryData<string> All => [.. Pages.All];

    [Theory]
    [MemberData(nameof(All))]
    public void EachNumberIsItsConstants(string page) => Assert.Empty(Wrong(Pages.Read(page)));

    /// <summary>A name that an edit has cut is no name, and would be seen by nobody.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void NoNameIsCut(string page) => Assert.DoesNotMatch(@"\(`[A-Z]\w*\.(?!\w)", Pages.Read(page));

    /// <summary>Those that the pages would else repeat.</summary>
    [Theory]
    [InlineData("docs/servers.md", 8)]
    [InlineData("docs/serial-lines.md", 1)]
    [InlineData("docs/decisions/0105-much-is-done-in-many-requests.md", 3)]
    public void ThePageHasSome(string page, int count) => Assert.InRange(Named().Count(Pages.Read(page)), count, 100);

    [Theory]
    [InlineData("65 pages (`RequestLimits.MappedPages`)")]
    [InlineData("256 KiB (`RequestLimits.MappedPages`)")]
    [InlineData("256 MiB (`RequestLimits.ZeroedBytes`)")]
    [InlineData("0x41 pages (`RequestLimits.MappedPages`)")]
    [InlineData("64 pages (`RequestLimits.Gone`)")]
    [InlineData("64 pages (`Gone.MappedPages`)")]
    [InlineData("64 pages (`RequestLimits.MappedPages`), and 17 (`RequestLimits.DetachedRegions`)")]
    public void AnotherNumberIsSeen(string text) => Assert.Single(Wrong(text));

    [Theory]
    [InlineData("64 pages (`RequestLimits.MappedPages`)")]
    [InlineData("262,144 bytes (`RequestLimits.ZeroedBytes`) or 256 KiB (`RequestLimits.ZeroedBytes`)")]
    [InlineData("8 (`ServiceLines.MaximumTold`) or 0x40 pages (`RequestLimits.MappedPages`)")]
    [InlineData("65 pages ([RequestLimits.cs](x), `Other.Name`)")]
    public void TheNumberIsNoneOfThem(string text) => Assert.Empty(Wrong(text));

    private static IEnumerable<string> Wrong(string text) =>
        Named()
            .Matches(text)
            .Where(shown => Value(shown.Groups["name"].Value) != Number(shown))
            .Select(one => one.Value);

    private static decimal Number(Match shown) =>
        Parse(shown.Groups["number"].Value)
        * shown.Groups["unit"].Value switch
        {
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            _ => 1,
        };

    private static decimal Parse(string number) =>
        number.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(number.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : decimal.Parse(number, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    /// <returns>Null if there is no such constant, or if those of that name differ.</returns>
    private static decimal? Value(string name)
    {
        string[] parts = name.Split('.');
        decimal[] values =
        [
            .. _types
                .Where(type => type.Name == parts[0])
                .Select(type => type.GetField(parts[1], Any))
                .Where(field => field is { IsLiteral: true })
                .Select(field => Convert.ToDecimal(field!.GetRawConstantValue(), CultureInfo.InvariantCulture))
                .Distinct(),
        ];
        return values.Length == 1 ? values[0] : null;
    }

    /// <summary>A number, its unit or what is counted, and in brackets the constant.</summary>
    [GeneratedRegex(
        @"(?<![\w.])(?<number>0x[0-9a-f]+|\d[\d,]*)(?: (?<unit>[A-Za-z]+))? \(`(?<name>[A-Z]\w*\.[A-Z]\w*)`\)"
    )]
    private static partial Regex Named();
}
