using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Mistakes in files: their form, their place, their code, and a file for each code.</summary>
public sealed class DiagnosticTests
{
    private const string Node = "{\"memory\": \"8M\", \"cpus\": 1}";
    private const string Child = "{\"name\": \"a\", \"binary\": \"toucher\", \"essential\": true}";
    private const string Memory = "\"memory\": [{\"node\": 0, \"size\": \"2M\"}]";
    private const string Range = "{\"start\": \"16M\", \"size\": \"2M\"}";
    private const string Vcore = "\"cpus\": {\"nodes\": [0]}, " + Memory + ", \"children\": [" + Child + "]";

    /// <summary>The smallest file with the mistake; each is tried on the machine 4x4.</summary>
    private static readonly Dictionary<DiagnosticCode, string> _files = new()
    {
        [DiagnosticCode.NotJson] = "{",
        [DiagnosticCode.WrongValue] = "{\"nodes\": 1}",
        [DiagnosticCode.MissingMember] = "{\"nodes\": [{\"cpus\": 1}]}",
        [DiagnosticCode.UnknownMember] = $"{{\"nodes\": [{Node}], \"node\": 1}}",
        [DiagnosticCode.GivenTwice] = $"{{\"nodes\": [{Node}], \"nodes\": [{Node}]}}",
        [DiagnosticCode.BadName] =
            "{\"children\": [{\"name\": \"a b\", \"binary\": \"toucher\", \"essential\": true}]}",
        [DiagnosticCode.TooLong] = $"{{\"children\": [{Child.Replace("toucher", new string('x', 32))}]}}",
        [DiagnosticCode.UnknownKind] = "{}",
        [DiagnosticCode.ImpossibleNode] = "{\"nodes\": [{\"memory\": \"1M\", \"cpus\": 1}]}",
        [DiagnosticCode.ImpossibleMachine] = "{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 0}]}",
        [DiagnosticCode.BadMatrix] = $"{{\"nodes\": [{Node}], \"distances\": [[11]]}}",
        [DiagnosticCode.NothingEssential] = "{\"children\": []}",
        [DiagnosticCode.NameTaken] = $"{{\"children\": [{Child}, {Child}]}}",
        [DiagnosticCode.NoSuchChild] = Routed("child:b"),
        [DiagnosticCode.BadRoute] = Routed("child:a"),
        [DiagnosticCode.BadChannel] =
            $"{{\"children\": [{Child}], \"channels\": [{{\"name\": \"c\", \"between\": [\"a\"]}}]}}",
        [DiagnosticCode.BadMemoryClaim] = $"{{\"vcores\": [{{\"name\": \"v\", {Vcore.Replace("2M", "1K")}}}]}}",
        [DiagnosticCode.TooMany] = $"{{\"children\": [{string.Join(',', Enumerable.Range(0, 257).Select(Numbered))}]}}",
        [DiagnosticCode.NotRead] = $"{{\"children\": [{Child}], \"timeout\": 1}}",
        [DiagnosticCode.ClaimedTwice] =
            $"{{\"vcores\": [{{\"name\": \"v\", {Vcore.Replace(Memory, $"\"memory\": [{Range}, {Range}]")}}}]}}",
        [DiagnosticCode.NeverAsked] = Routed("parent\"}, {\"to\": \"parent"),
        [DiagnosticCode.NotOnThisMachine] = $"{{\"vcores\": [{{\"name\": \"v\", {Vcore.Replace("[0]", "[9]")}}}]}}",
        [DiagnosticCode.CpuTaken] = $"{{\"vcores\": [{{\"name\": \"v\", {Vcore}}}, {{\"name\": \"w\", {Vcore}}}]}}",
        [DiagnosticCode.TooMuchMemory] = $"{{\"vcores\": [{{\"name\": \"v\", {Vcore.Replace("2M", "1G")}}}]}}",
        [DiagnosticCode.RemoteMemory] = $"{{\"vcores\": [{{\"name\": \"v\", {Vcore.Replace("\": 0", "\": 1")}}}]}}",
        [DiagnosticCode.SeveralClusters] = $"{{\"vcores\": [{{\"name\": \"v\", {Wide(3)}}}]}}",
        [DiagnosticCode.AffinityClipped] =
            $"{{\"vcores\": [{{\"name\": \"v\", {Wide(1).Replace("\"x\": 0", "\"x\": 9")}}}]}}",
        [DiagnosticCode.ChildrenExceedVcore] =
            $"{{\"vcores\": [{{\"name\": \"v\", {Vcore.Replace("true", "true, \"ram\": \"3M\"")}}}]}}",
        [DiagnosticCode.LittleRoom] = $"{{\"children\": [{Child.Replace("true", "true, \"ram\": \"55M\"")}]}}",
        [DiagnosticCode.RouteAcrossClusters] =
            $"{{\"children\": [{Child}, {Numbered(1).Replace("true", "false, \"cluster\": 1, \"routes\": [{\"to\": \"child:a\"}]")}]}}",
        [DiagnosticCode.ChannelNotReopened] =
            $"{{\"children\": [{Child.Replace("true", "true, \"restart\": {\"times\": 1}")}, {Numbered(1)}], "
            + "\"channels\": [{\"name\": \"c\", \"between\": [\"a\", \"c1\"]}]}",
        [DiagnosticCode.NoSuchProgram] = $"{{\"children\": [{Child.Replace("toucher", "toucer")}]}}",
        [DiagnosticCode.TooLittleRam] = $"{{\"children\": [{Child.Replace("true", "true, \"ram\": \"64K\"")}]}}",
    };

    /// <summary>All but what no file alone can have (OldImagesTests).</summary>
    public static TheoryData<DiagnosticCode> Codes =>
        [.. Enum.GetValues<DiagnosticCode>().Where(code => code != DiagnosticCode.OldProgram)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void EachIsFound(DiagnosticCode code) =>
        Assert.Contains(code, Check(_files[code]).Select(entry => entry.Code));

    [Fact]
    public void EachIsDescribed()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Locate().Root, "docs", "configuration.md"));
        IEnumerable<int> described = Regex
            .Matches(text, @"^\| SK(\d{4}) \|", RegexOptions.Multiline)
            .Select(match => int.Parse(match.Groups[1].Value));
        Assert.Equal(Enum.GetValues<DiagnosticCode>().Select(code => (int)code).Order(), described);
    }

    /// <summary>The form that editors match: MSBuild's and Visual Studio Code's $msCompile.</summary>
    [Theory]
    [InlineData(
        "{\"nodes\": [\n  {\"memory\": \"8M\", \"cpus\": 1, \"cpu\": 2}]}",
        2,
        31,
        "error SK0004: a node has no \"cpu\"; did you mean \"cpus\"?"
    )]
    [InlineData("{\"nodes\": 3}", 1, 11, "error SK0002: \"nodes\" must be a list, not the number 3")]
    [InlineData("{\"description\": \"ä€😀\", \"nodes\": 3}", 1, 34, "error SK0002: \"nodes\" must be a list")]
    [InlineData("\n\n  {", 3, 4, "error SK0001: not valid JSON")]
    [InlineData("{\"nodes\": [\r\n\t{\"cpus\": 1}]}", 2, 2, "error SK0003: a node needs \"memory\"")]
    public void TheFormHasLineAndColumn(string text, int line, int column, string reason)
    {
        string[] entries = [.. Check(text, FileKind.Topology).Select(entry => entry.ToString())];
        Assert.Contains(entries, entry => entry.StartsWith($"file.json({line},{column}): {reason}"));
        Assert.All(entries, entry => Assert.Matches(@"^(.*)\((\d+),(\d+)\): (error|warning) (SK\d{4}): (.*)$", entry));
    }

    private static string Routed(string to) =>
        $"{{\"children\": [{Child.Replace("true", $"true, \"routes\": [{{\"to\": \"{to}\"}}]")}]}}";

    private static string Numbered(int number) => Child.Replace("\"a\"", $"\"c{number}\"");

    private static string Wide(int width) =>
        Vcore.Replace("true", $"true, \"affinity\": {{\"width\": {width}, \"x\": 0}}");

    private static IReadOnlyList<Diagnostic> Check(string text, FileKind kind = FileKind.Auto)
    {
        var diagnostics = new Diagnostics("file.json");
        try
        {
            SourceValue root = SourceParser.Parse(Encoding.UTF8.GetBytes(text), diagnostics);
            if ((kind == FileKind.Auto ? FileKinds.Of(root, diagnostics) : kind) == FileKind.Topology)
            {
                TopologyReader.Read(root, diagnostics);
                return diagnostics.Entries;
            }
            var programs = new ProgramCatalog(Repository.Locate().Images);
            SystemDescription system = SystemReader.Read(root, diagnostics);
            return BootCheck.Check(system, programs, TestFiles.Shipped("4x4"), ClusterMode.L2);
        }
        catch (BadInputException exception)
        {
            return exception.Diagnostics;
        }
    }
}
