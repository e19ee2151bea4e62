using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Abi;
using Skerry.Base.Servers.Components;
using Skerry.Qemu;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>What a system names beyond its own file, and that every command asks.</summary>
public sealed class BootCheckTests : IDisposable
{
    private static readonly ProgramCatalog _programs = new(Repository.Locate().Images);

    private readonly string _directory = Directory.CreateTempSubdirectory("skerry-check").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void AProgramThatIsThereIsTaken() => Assert.Empty(Check("ping-client", "1M"));

    [Theory]
    [InlineData("ping-clint", "there is no program \"ping-clint\" in out/images; did you mean \"ping-client\"?")]
    [InlineData(
        "nothing-like-it",
        "there is no program \"nothing-like-it\" in out/images; \"make run\" builds a project of that name if it is in Skerry.slnx and Machine.slnf"
    )]
    [InlineData("kernel", "\"kernel\" is not a component: it has no SkerryMain")]
    [InlineData("boot", "\"boot\" is not a component: it has no SkerryMain")]
    [InlineData("core", "\"core\" is not a component: it has no SkerryMain")]
    [InlineData("vcore", "\"vcore\" is not a component: it has no SkerryMain")]
    [InlineData("kernelbench", "\"kernelbench\" is not a component: it has no SkerryMain")]
    [InlineData("kerneltests", "\"kerneltests\" is not a component: it has no SkerryMain")]
    public void AnotherIsNotThere(string binary, string reason)
    {
        Diagnostic diagnostic = Assert.Single(Refused(binary, "1M"));
        Assert.Equal((DiagnosticCode.NoSuchProgram, reason), (diagnostic.Code, diagnostic.Reason));
        Assert.Equal(new SourcePosition(2, 11), diagnostic.Position);
    }

    [Theory]
    [InlineData("vcoer", "there is no program \"vcoer\" in out/images; did you mean \"vcore\"?")]
    [InlineData("toucher", "\"toucher\" is not a vcore: it has no VcoreMain")]
    [InlineData("kernelbench", "\"kernelbench\" is not a vcore: it has no VcoreMain")]
    [InlineData("core", "\"core\" is not a vcore: it has no VcoreMain")]
    [InlineData("kernel", "\"kernel\" is not a vcore: it has no VcoreMain")]
    public void AVcoreNeedsItsProgramToo(string binary, string reason)
    {
        string text =
            $"{{\"vcores\": [{{\"name\": \"v\", \"binary\": \"{binary}\", "
            + "\"cpus\": {\"nodes\": [0]}, \"memory\": [{\"node\": 0, "
            + "\"size\": \"2M\"}], \"children\": [{\"name\": \"c\", \"binary\": \"toucher\", \"essential\": true}]}]}";
        Diagnostic diagnostic = Assert.Single(
            Assert
                .Throws<BadInputException>(() => BootCheck.Check(TestFiles.System(text), _programs, null, default))
                .Diagnostics
        );
        Assert.Equal((DiagnosticCode.NoSuchProgram, reason), (diagnostic.Code, diagnostic.Reason));
    }

    [Fact]
    public void AFileThatIsNoProgramIsRefused()
    {
        File.WriteAllText(Path.Combine(_directory, "text.elf"), new string('x', 4096));
        var programs = new ProgramCatalog(_directory);
        Assert.Null(programs.MemoryToStart("text"));
        Diagnostic diagnostic = Assert.Single(
            Assert
                .Throws<BadInputException>(() => BootCheck.Check(System("text", "1M"), programs, null, default))
                .Diagnostics
        );
        Assert.Equal("\"text\" is not a program: no 64-bit ELF file", diagnostic.Reason);
    }

    /// <summary>Its size was taken for 0, and the machine's memory blamed, or QEMU ended without a word.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public void ABootstrapThatIsNoneIsNamed(int bytes)
    {
        string path = Path.Combine(_directory, "boot.elf");
        File.WriteAllText(path, new string('x', bytes));
        Assert.Equal(
            $"{path} is no program; \"make build\" makes it",
            Assert.Throws<BadInputException>(() => new ProgramCatalog(_directory).BootstrapBytes).Message
        );
    }

    /// <summary>What is gone before the first instruction: the program's pages, two more, and the stack.</summary>
    [Fact]
    public void AChildHasWhatItsProgramNeedsToStart()
    {
        Assert.Equal(ComponentLoader.MainStackBytes, ProgramCatalog.MainStackBytes);
        Assert.Equal(ProgramCatalog.PageSize, (ulong)UserLayout.PageSize);
        ulong needed = _programs.MemoryToStart("ping-client")!.Value;
        Assert.InRange(needed, 64 * ByteSize.Kibi, ByteSize.Mebi);
        Assert.Empty(Check("ping-client", needed.ToString()));
        Diagnostic diagnostic = Assert.Single(Refused("ping-client", (needed - 1).ToString()));
        Assert.Equal(DiagnosticCode.TooLittleRam, diagnostic.Code);
        Assert.EndsWith($"\"ping-client\" needs {ByteSize.Format(needed)} to start", diagnostic.Reason);
    }

    [Theory]
    [InlineData(63, "\"a\" has 63 of \"capabilities\", and every component needs 64")]
    [InlineData(64, null)]
    public void AChildHasTheCapabilitiesThatEveryComponentNeeds(int capabilities, string? reason)
    {
        string text = Text("toucher", "2M").Replace("\"ram\"", $"\"capabilities\": {capabilities}, \"ram\"");
        SystemDescription system = TestFiles.System(text);
        if (reason is null)
        {
            Assert.Empty(BootCheck.Check(system, _programs, null, default));
            return;
        }
        var refused = Assert.Throws<BadInputException>(() => BootCheck.Check(system, _programs, null, default));
        Diagnostic diagnostic = Assert.Single(refused.Diagnostics);
        Assert.Equal((DiagnosticCode.TooLittleRam, reason), (diagnostic.Code, diagnostic.Reason));
        Assert.Equal(new SourcePosition(1, 64), diagnostic.Position);
    }

    [Theory]
    [InlineData("run", "--config")]
    [InlineData("bench", "--config")]
    [InlineData("debug", "--config")]
    [InlineData("archive", "--config")]
    [InlineData("check")]
    public void EveryCommandAsks(params string[] command)
    {
        string file = Path.Combine(_directory, "system.json");
        File.WriteAllText(file, Text("ping-clint", "1M"));
        HostProgram run = HostProgram.Skerry([.. command, file]);
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.StartsWith($"{file}(2,11): error SK0401: there is no program \"ping-clint\"", run.Error);
    }

    [Theory]
    [InlineData("timeout", "{\"timeout\": 5, \"children\": [CHILD]}")]
    [InlineData("verbose", "{\"verbose\": true, \"children\": [CHILD]}")]
    [InlineData("exit", "{\"children\": [CHILD, {\"name\": \"b\", \"binary\": \"toucher\", \"exit\": \"keep\"}]}")]
    [InlineData("heartbeat", "{\"children\": [CHILD, {\"name\": \"b\", \"binary\": \"toucher\", \"heartbeat\": 5}]}")]
    [InlineData(
        "priority",
        "{\"vcores\": [{\"name\": \"v\", \"priority\": 5, \"cpus\": {\"nodes\": [0]}, \"memory\": [{\"node\": 0, \"size\": \"1M\"}], \"children\": [CHILD]}]}"
    )]
    public void AMemberWithoutEffectIsAWarning(string member, string text)
    {
        const string child = "{\"name\": \"a\", \"binary\": \"toucher\", \"essential\": true}";
        SystemDescription system = TestFiles.System(text.Replace("CHILD", child));
        Diagnostic warning = Assert.Single(BootCheck.Check(system, _programs, null, default));
        Assert.Equal((Severity.Warning, DiagnosticCode.NotRead), (warning.Severity, warning.Code));
        Assert.StartsWith($"\"{member}\" has no effect yet: ", warning.Reason);
    }

    /// <summary>An end of a channel that was closed stays closed.</summary>
    [Fact]
    public void ARestartedChildWithAChannelIsAWarning()
    {
        const string text = """
            { "children": [
                { "name": "a", "binary": "toucher", "essential": true, "restart": { "times": 3 } },
                { "name": "b", "binary": "toucher" },
                { "name": "c", "binary": "toucher", "restart": { "times": 3 } }
              ],
              "channels": [{ "name": "x", "between": ["a", "b"], "slots": 16 }] }
            """;
        Diagnostic warning = Assert.Single(BootCheck.Check(TestFiles.System(text), _programs, null, default));
        Assert.Equal((Severity.Warning, DiagnosticCode.ChannelNotReopened), (warning.Severity, warning.Code));
        Assert.StartsWith("\"a\" is started again after its end", warning.Reason);
    }

    [Theory]
    [InlineData("{\"nodes\": [{\"memory\": \"8M\", \"cpus\": 1}]}", "1 nodes, 1 CPUs")]
    [InlineData("{\"$schema\": \"x/topology.schema.json\", \"children\": []}", "a topology has no \"children\"")]
    [InlineData("{\"$schema\": \"x/system.schema.json\", \"nodes\": []}", "a configuration has no \"nodes\"")]
    [InlineData("{\"children\": []}", "no child is \"essential\"")]
    [InlineData("{}", "error SK0008: a topology has \"nodes\"")]
    [InlineData("[]", "error SK0008: a topology has \"nodes\"")]
    [InlineData("{\"nodes\": [], \"vcores\": []}", "error SK0008: a topology has \"nodes\"")]
    [InlineData("{}", "no child is \"essential\"", "--kind", "system")]
    [InlineData("{\"node\": []}", "a topology has no \"node\"; did you mean \"nodes\"?", "--kind", "topology")]
    public void TheKindOfAFileIsNotGuessed(string text, string said, params string[] options)
    {
        string file = Path.Combine(_directory, "file.json");
        File.WriteAllText(file, text);
        HostProgram run = HostProgram.Skerry(["check", file, .. options]);
        Assert.Contains(said, run.Output + run.Error);
    }

    private static string Text(string binary, string ram) =>
        $"{{\"children\": [{{\"name\": \"a\", \"essential\": true, \"ram\": \"{ram}\",\n\"binary\": \"{binary}\"}}]}}";

    private static SystemDescription System(string binary, string ram) => TestFiles.System(Text(binary, ram));

    private static IReadOnlyList<Diagnostic> Check(string binary, string ram) =>
        BootCheck.Check(System(binary, ram), _programs, TestFiles.Shipped("1x1"), ClusterMode.L2);

    private static IReadOnlyList<Diagnostic> Refused(string binary, string ram) =>
        Assert.Throws<BadInputException>(() => Check(binary, ram)).Diagnostics.ToArray();
}
