using System.IO;
using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Words that the tool does not take: it says which, and what it would take, and does nothing.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("there is no command \"rnu\"; did you mean \"run\"?", "rnu")]
    [InlineData("there is no command \"dance\" (\"skerry --help\" lists them)", "dance")]
    [InlineData("say what to do: run, debug")]
    [InlineData("there is no option \"--topolgy\"; did you mean \"--topology\"?", "run", "--topolgy", "4x4")]
    [InlineData("there is no option \"--topolgy\"; did you mean \"--topology\"?", "check", "--topolgy", "4x4", "x")]
    [InlineData("\"check\" does not take \"more\"", "check", "one", "more")]
    [InlineData("--kvm must be off or auto, not \"on\"", "run", "--kvm", "on")]
    [InlineData("--cluster must be l2, cpu, node or machine, not \"l3\"", "run", "--cluster", "l3")]
    [InlineData("--cluster must be l2, cpu, node or machine, not \"l3\"", "bench", "--cluster", "l3")]
    [InlineData("--mitigations must be off or on, not \"1\"", "fuzz", "--mitigations", "1")]
    [InlineData("--timeout must be a number from 1 to 1000000, not \"-1\"", "run", "--timeout", "-1")]
    [InlineData("--timeout must be a number from 1 to 1000000, not \"0\"", "run", "--timeout", "0")]
    [InlineData("--timeout must be a number from 1 to 1000000, not \"9999999999\"", "run", "--timeout", "9999999999")]
    [InlineData("--timeout must be a number from 1 to 1000000, not \"soon\"", "bench", "--timeout", "soon")]
    [InlineData("--silence must be a number from 1 to 1000000, not \"0\"", "fuzz", "--silence", "0")]
    [InlineData("--pieces must be a number from 1 to 100000, not \"0\"", "fuzz", "--pieces", "0")]
    [InlineData("--calls must be a number from 1 to 1000000000000, not \"-5\"", "fuzz", "--calls", "-5")]
    [InlineData("--seed must be a number from 0 to 18446744073709551615, not \"x\"", "fuzz", "--seed", "x")]
    [InlineData("--soak must be a number from 0 to 1000, not \"1.5\"", "test", "--soak", "1.5")]
    [InlineData("there is no topology and no file \"8x1\"; there are 1x1, 2x2", "run", "--topology", "8x1")]
    [InlineData("did you mean \"8x10\"?", "run", "--topology", "8x1")]
    [InlineData("did you mean \"demo\"?", "run", "--config", "dmeo")]
    [InlineData("did you mean \"demo\"?", "run", "--config", "demo.json")]
    [InlineData("no topology and no file \"demo\" (\"demo\" is a configuration)", "run", "--topology", "demo")]
    [InlineData("no configuration and no file \"4x4\" (\"4x4\" is a topology)", "run", "--config", "4x4")]
    [InlineData(
        "qemu/configs: is a folder, and a file with a configuration is to be read",
        "run",
        "-c",
        "qemu/configs"
    )]
    [InlineData(
        "--suite images does not read --topology, --config; it reads --record",
        "bench",
        "--suite",
        "images",
        "--topology",
        "4x4",
        "--config",
        "nix"
    )]
    [InlineData("--suite kernel does not read --timeout", "bench", "--suite", "kernel", "--timeout", "7")]
    [InlineData("--suite latency does not read --cluster", "bench", "--suite", "latency", "--cluster", "cpu")]
    [InlineData("--suite kernel does not read --mitigations", "bench", "--suite", "kernel", "--mitigations", "on")]
    [InlineData("\"check\" needs a file: A topology or configuration file.", "check")]
    [InlineData("the name of a file to read is empty", "check", "")]
    [InlineData(
        "qemu/topology-files/1x1.json is a topology, and --topology is for a configuration",
        "check",
        "qemu/topology-files/1x1.json",
        "-t",
        "4x4"
    )]
    [InlineData("skerry: qemu/configs: is a folder, and a file is to be read", "check", "qemu/configs")]
    [InlineData("no program \"typo\" in out/images", "debug", "--image", "typo", "-t", "1x1")]
    [InlineData("in out/images; did you mean \"kernel\"?", "debug", "--image", "kernl", "-t", "1x1")]
    [InlineData("in out/images; did you mean \"ping-client\"?", "debug", "--image", "ping-clint", "-t", "1x1")]
    public void AreRefused(string complaint, params string[] arguments)
    {
        HostProgram run = HostProgram.Skerry(arguments);
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.Contains(complaint, run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void ACommandLineThatBootstrapWouldRefuseIsRefused()
    {
        HostProgram run = HostProgram.Skerry("run", "--topology", "1x1", "--append", new string('a', 20_000));
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.Contains("the guest's command line has 20027 bytes, and may have 2048", run.Error);
    }

    /// <summary>Of two the last would count, and the machine is checked, and its log named, by the first.</summary>
    [Theory]
    [InlineData("cluster=machine", "--append does not take \"cluster=machine\": --cluster sets it")]
    [InlineData("panic=exit\tmitigations=on", "--append does not take \"mitigations=on\": --mitigations sets it")]
    [InlineData("cluster", "--append does not take \"cluster\": --cluster sets it")]
    [InlineData(" icount=1", "--append does not take \"icount=1\": --icount sets it")]
    public void AWordThatAnOptionSetsIsRefused(string append, string complaint)
    {
        HostProgram run = HostProgram.Skerry("run", "--topology", "1x1", "--append", append);
        Assert.Equal((int)ExitStatus.BadInput, run.Status);
        Assert.Contains(complaint, run.Error);
        Assert.DoesNotContain("@", run.Output);
    }

    [Fact]
    public void SmallAndCapitalLettersAreTheSame()
    {
        HostProgram run = HostProgram.Skerry("check", "qemu/topology-files/1x1.json", "--cluster", "MACHINE");
        Assert.Equal((int)ExitStatus.Success, run.Status);
    }

    /// <summary>A variable that nobody reads would run something else than was asked for.</summary>
    [Theory]
    [InlineData(
        "make run does not read TOPLOGY; it reads CLUSTER CONFIG KVM MITIGATIONS TOPOLOGY",
        "run",
        "TOPLOGY=8x10"
    )]
    [InlineData("make test does not read TOPOLOGY; it reads SOAK SUITE", "test", "TOPOLOGY=8x10", "SUITE=Host.Qemu")]
    [InlineData("make clean does not read SEED; it reads no variable", "clean", "SEED=1")]
    [InlineData(
        "make bench SUITE=images does not read CONFIG TOPOLOGY; it reads SUITE",
        "bench",
        "SUITE=images",
        "TOPOLOGY=8x10",
        "CONFIG=nix"
    )]
    public void MakeReadsEveryVariableThatItIsGiven(string complaint, params string[] arguments)
    {
        HostProgram run = HostProgram.Run("make", ["-o", "build", .. arguments]);
        Assert.Equal(2, run.Status);
        Assert.Contains(complaint, run.Error);
    }

    [Fact]
    public void MakeTakesTheVariablesOfAllItsTargets()
    {
        HostProgram run = HostProgram.Run("make", ["--dry-run", "fuzz", "run", "SEED=1", "TOPOLOGY=8x10"]);
        Assert.Equal(0, run.Status);
    }

    /// <summary>What make passes on arrives as it was given.</summary>
    [Theory]
    [InlineData("my top.json")]
    [InlineData("it's $HOME; \"mine\".json")]
    public void AFileNameMayHaveSpacesAndSigns(string file)
    {
        string folder = Directory.CreateTempSubdirectory("skerry make ").FullName;
        string topology = Path.Combine(folder, file);
        File.WriteAllText(topology, "{");
        // A dollar sign is make's own.
        string value = topology.Replace("$", "$$");
        HostProgram run = HostProgram.Run("make", ["-o", "build", "run", $"TOPOLOGY={value}"]);
        Assert.Contains($"{topology}(1", run.Error);
        Directory.Delete(folder, recursive: true);
    }
}
