using System.Linq;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>A route that no request comes to is refused: it would be taken for what happens.</summary>
public sealed class UnreadRoutesTests
{
    private const string All = "{\"to\": \"parent\"}";

    [Theory]
    [InlineData("LOG")]
    [InlineData("PD")]
    [InlineData("CPU")]
    [InlineData("RM")]
    [InlineData("TOPOLOGY")]
    [InlineData("TRACE")]
    public void WhatAChildHasFromItsStartIsNotRouted(string service)
    {
        string reason = $"no route is asked for \"{service}\": each child has its session from the start";
        string route = $"\n{{\"service\": \"{service}\", \"to\": \"child:b\"}}";
        Assert.Equal($"(2,1): error SK0210: {reason}", Refusal(Core(route)));
        Assert.Equal($"(2,1): error SK0210: {reason}", Refusal(Core(route.Replace("child:b", "parent"))));
        Assert.Equal($"(2,1): error SK0210: {reason}", Refusal(Vcore("", route.Replace("child:b", "parent"))));
        Assert.Equal(
            $"(2,1): error SK0210: nobody comes to \"{service}\" of a child: each child has its session from the start",
            Refusal(Core(All).Replace("\"Ping\"", $"\n\"{service}\""))
        );
    }

    [Theory]
    [InlineData("", "\"service\": \"Ping\",")]
    [InlineData("", "")]
    [InlineData("\"service\": \"Ping\",", "\"service\": \"Ping\",")]
    [InlineData("\"labelPrefix\": \"x\",", "\"label\": \"xy\",")]
    [InlineData("\"labelPrefix\": \"x\",", "\"labelPrefix\": \"xy\", \"service\": \"Ping\",")]
    [InlineData("\"labelPrefix\": \"\",", "")]
    [InlineData("\"labelSuffix\": \"y\",", "\"label\": \"xy\",")]
    [InlineData("\"labelSuffix\": \"y\",", "\"labelSuffix\": \"xy\",")]
    [InlineData("\"label\": \"x\",", "\"label\": \"x\",")]
    public void WhatStandsBehindItsLikeIsNeverTried(string first, string second)
    {
        string routes = $"{{{first} \"to\": \"parent\"}},\n{{{second} \"to\": \"child:b\"}}";
        const string reason = "this route is never tried: the one in line 1, column";
        Assert.StartsWith($"(2,1): error SK0210: {reason}", Refusal(Core(routes)));
        Assert.StartsWith($"(2,1): error SK0210: {reason}", Refusal(Vcore("", routes)));
        string own = $"{{{first} \"to\": \"parent\"}}";
        Assert.Equal(
            "(2,1): error SK0210: no child of \"v\" comes to this route: each has one of its own that takes all that it would",
            Refusal(Vcore(own, $"\n{{{second} \"to\": \"child:b\"}}"))
        );
    }

    [Theory]
    [InlineData("\"service\": \"Ping\",", "")]
    [InlineData("\"service\": \"Ping\",", "\"service\": \"Pong\",")]
    [InlineData("\"service\": \"Ping\", \"label\": \"x\",", "\"service\": \"Ping\",")]
    [InlineData("\"labelPrefix\": \"xy\",", "\"labelPrefix\": \"x\",")]
    [InlineData("\"labelPrefix\": \"x\",", "\"labelSuffix\": \"x\",")]
    [InlineData("\"labelSuffix\": \"y\",", "\"label\": \"x\",")]
    [InlineData("\"label\": \"x\",", "\"labelPrefix\": \"x\",")]
    [InlineData("\"label\": \"x\",", "")]
    public void WhatIsLeftByTheFirstIsTheSeconds(string first, string second)
    {
        string own = $"{{{first} \"to\": \"parent\"}}";
        string rest = $"{{{second} \"to\": \"parent\"}}";
        Assert.Equal(2, TestFiles.System(Core($"{own}, {rest}")).Children[0].Routes.Count);
        Assert.Single(TestFiles.System(Vcore(own, rest)).Vcores[0].Routes);
    }

    /// <summary>A default that leads to the only child is for nobody: it is not asked for the child that serves.</summary>
    [Fact]
    public void ADefaultIsNotForItsServer()
    {
        string text = Vcore("", "\n{\"to\": \"child:b\"}");
        Assert.Single(TestFiles.System(text).Vcores[0].Routes);
        string alone = text.Replace("\"name\": \"a\"", "\"name\": \"b\"")
            .Replace(", {\"name\": \"b\", \"binary\": \"s\"}", "");
        Assert.Equal("(2,1): error SK0210: no child of \"v\" comes to this route: there is none", Refusal(alone));
    }

    private static string Core(string routes) =>
        "{\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": true, "
        + $"\"routes\": [{routes}]}}, {{\"name\": \"b\", \"binary\": \"b\", \"provides\": [\"Ping\"]}}]}}";

    private static string Vcore(string own, string defaults) =>
        "{\"vcores\": [{\"name\": \"v\", \"cpus\": {\"clusters\": [1]}, \"memory\": [{\"node\": \"local\", \"size\": \"2M\"}], "
        + "\"children\": [{\"name\": \"a\", \"binary\": \"a\", \"essential\": true, "
        + $"\"routes\": [{own}]}}, {{\"name\": \"b\", \"binary\": \"s\"}}], \"routes\": [{defaults}]}}]}}";

    /// <summary>The first of the code: a route to a child that does not provide the service has a mistake of its own.</summary>
    private static string Refusal(string text) =>
        Assert
            .Throws<BadInputException>(() => TestFiles.System(text))
            .Diagnostics.Select(diagnostic => diagnostic.ToString()["system.json".Length..])
            .First(entry => entry.Contains("SK0210"));
}
