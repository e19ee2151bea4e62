using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Skerry.Qemu;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// The state that each CPU is in, once its kernel has started: docs/processor-state.md has a row for all of it, and QEMU's
/// monitor, or for model-specific registers the checked kernel, says the same of every CPU of four.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed partial class S02ProcessorStateTests
{
    private const int Cpus = 4;
    private const string KernelAddress = "kernel";

    [Theory]
    [InlineData("")]
    [InlineData("mitigations=on")]
    public void EveryCpuIsAsItIsWrittenDown(string append)
    {
        Dictionary<string, string> expected = Documented(mitigated: append.Length != 0);
        using var monitor = new QemuMonitor();
        using QemuMachine machine = QemuMachine.Start(Options(monitor, "kernel-checked", append));
        machine.WaitForLine(line => line == "@registers ready", TimeSpan.FromSeconds(60));
        string[] registers = EachCpu().Split(monitor.Ask("info registers -a")).Skip(1).ToArray();
        Assert.Equal(Cpus, registers.Length);
        Assert.All(
            Enumerable.Range(0, Cpus),
            cpu =>
            {
                Dictionary<string, ulong> found = [];
                ReadRegisters(registers[cpu], found);
                ReadApic(monitor.Ask($"info lapic {cpu}"), found);
                ReadReport(machine.Lines, cpu, found);
                if (QemuVersion.Installed is { } version && QemuVersion.HasX2Apic(version))
                {
                    // In x2APIC mode nobody can set it: a bit for each CPU of sixteen.
                    Assert.Equal(1ul << cpu, found["APIC LDR"]);
                    found["APIC LDR"] = 0;
                }
                Compare(cpu, expected, found);
            }
        );
    }

    /// <summary>Threads move between CPUs, so what the boot CPU has not is on nowhere.</summary>
    [Fact]
    public void ACpuThatHasMoreIsAsTheBootCpu()
    {
        const string lacks = "xsave=off,smep=off,pge=off";
        using var monitor = new QemuMonitor();
        MachineOptions options = Options(monitor, "kernel", "");
        string[] other =
        [
            "-cpu",
            $"max,vendor=GenuineIntel,{lacks}",
            "-smp",
            "1,sockets=2,cores=1,threads=1,maxcpus=2",
            "-device",
            $"max-x86_64-cpu,socket-id=1,core-id=0,thread-id=0,{lacks.Replace("off", "on")}",
        ];
        options = options with { Topology = Guest.Topology("1x1"), ExtraArguments = [.. monitor.Arguments, .. other] };
        using QemuMachine machine = QemuMachine.Start(options);
        machine.WaitForLine(line => line == "@registers ready", TimeSpan.FromSeconds(60));
        string[] registers = EachCpu().Split(monitor.Ask("info registers -a")).Skip(1).ToArray();
        string[] controls = registers
            .Select(text => ControlRegister().Matches(text).Single(IsControl4).Value)
            .ToArray();
        Assert.Equal(2, controls.Length);
        Assert.Equal(controls[0], controls[1]);

        static bool IsControl4(Match match) => match.Groups["name"].Value == "CR4";
    }

    private static void Compare(int cpu, Dictionary<string, string> expected, Dictionary<string, ulong> found)
    {
        Assert.Equal(expected.Keys.Order(), found.Keys.Order());
        string[] wrong = expected
            .Where(row => !Fits(ValueFor(row.Value, cpu), found[row.Key]))
            .Select(row => $"CPU {cpu}: {row.Key} is 0x{found[row.Key]:x}, not {row.Value}")
            .ToArray();
        Assert.Empty(wrong);
    }

    /// <summary>"A, B on the others" holds A for the boot CPU.</summary>
    private static string ValueFor(string value, int cpu)
    {
        string[] parts = value.Split(", ");
        return parts.Length == 1 || cpu == 0 ? parts[0] : parts[1].Split(' ')[0];
    }

    private static bool Fits(string expected, ulong found) =>
        expected == KernelAddress ? found >> 47 == 0x1ffff : found == Hexadecimal(expected[2..]);

    /// <summary>By name, the value of each row: | `NAME` | `VALUE` | `VALUE WITH MITIGATIONS` | why |.</summary>
    private static Dictionary<string, string> Documented(bool mitigated)
    {
        string path = Path.Combine(Repository.Locate().Root, "docs", "processor-state.md");
        return File.ReadLines(path)
            .Select(line => DocumentedRow().Match(line))
            .Where(match => match.Success)
            .ToDictionary(
                match => match.Groups["name"].Value,
                match => match.Groups[mitigated && match.Groups["on"].Length != 0 ? "on" : "off"].Value
            );
    }

    private static void ReadRegisters(string text, Dictionary<string, ulong> found)
    {
        foreach (Match match in ControlRegister().Matches(text))
        {
            found[match.Groups["name"].Value] = Hexadecimal(match.Groups["value"].Value);
        }
        foreach (Match match in Segment().Matches(text))
        {
            string name = match.Groups["name"].Value;
            found[name] = Hexadecimal(match.Groups["selector"].Value);
            found[$"{name} base"] = Hexadecimal(match.Groups["base"].Value);
            found[$"{name} limit"] = Hexadecimal(match.Groups["limit"].Value);
        }
        foreach (Match match in Table().Matches(text))
        {
            found[$"{match.Groups["name"]} base"] = Hexadecimal(match.Groups["base"].Value);
            found[$"{match.Groups["name"]} limit"] = Hexadecimal(match.Groups["limit"].Value);
        }
    }

    private static void ReadApic(string text, Dictionary<string, ulong> found)
    {
        foreach (Match match in ApicRegister().Matches(text))
        {
            found[$"APIC {match.Groups["name"]}"] = Hexadecimal(match.Groups["value"].Value);
        }
    }

    private static void ReadReport(IReadOnlyList<string> lines, int cpu, Dictionary<string, ulong> found)
    {
        foreach (RecordLine? record in lines.Select(RecordLine.Parse))
        {
            if (
                record?.Kind == "registers"
                && record.Fields.TryGetValue("cpu", out string? number)
                && number == cpu.ToString(CultureInfo.InvariantCulture)
            )
            {
                ulong register = Hexadecimal(record.Fields["number"][2..]);
                string name = register == 0xffff_ffff ? "XCR0" : $"MSR 0x{register:x}";
                found[name] = Hexadecimal(record.Fields["value"][2..]);
            }
        }
    }

    private static ulong Hexadecimal(string text) =>
        ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static MachineOptions Options(QemuMonitor monitor, string kernel, string append)
    {
        Dictionary<string, byte[]> archive = Guest.WithCore(Guest.Image("kerneltests"));
        archive["kernel.elf"] = Guest.Image(kernel);
        return Guest.Options(
            Guest.Topology("2x2"),
            ClusterMode.Machine,
            "registers",
            archive,
            $"show=registers panic=exit {append}"
        ) with
        {
            ExtraArguments = monitor.Arguments,
        };
    }

    /// <summary>Reported with what the bank says, and no shutdown; another CPU than the first one.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("mitigations=on")]
    public void AMachineCheckIsReported(string append)
    {
        string[] report = Interrupt("mce 2 1 0xbe00000000000135 0x5 0x12345000 0x86", append);
        Assert.Contains(report, line => line.StartsWith("kernel panic: cluster 0, CPU 2: machine check (vector 18"));
        Assert.Contains(report, line => line.EndsWith("machine check: status 0x0000000000000005"));
        Assert.Contains(
            report,
            line =>
                line.EndsWith("bank 1: status 0xbe00000000000135 address 0x0000000012345000 misc 0x0000000000000086")
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("mitigations=on")]
    public void ANonMaskableInterruptIsReportedByTheBootCpu(string append) =>
        Assert.Contains(
            Interrupt("nmi", append),
            line => line.StartsWith("kernel panic: cluster 0, CPU 0: non-maskable interrupt (vector 2")
        );

    private static string[] Interrupt(string command, string append)
    {
        using var monitor = new QemuMonitor();
        using QemuMachine machine = QemuMachine.Start(Options(monitor, "kernel", append));
        machine.WaitForLine(line => line == "@registers ready", TimeSpan.FromSeconds(60));
        monitor.Ask(command);
        return machine.WaitForExit().Require(ExitStatus.KernelPanic).Lines.ToArray();
    }

    [GeneratedRegex(@"^CPU#\d+\r?$", RegexOptions.Multiline)]
    private static partial Regex EachCpu();

    [GeneratedRegex(@"^\| `(?<name>[^`]+)` \| `(?<off>[^`]+)` \| (`(?<on>[^`]+)`)? ?\| [^|]*\|$")]
    private static partial Regex DocumentedRow();

    [GeneratedRegex(@"\b(?<name>CR0|CR4|DR[0-7]|EFER)=(?<value>[0-9a-f]+)")]
    private static partial Regex ControlRegister();

    [GeneratedRegex(
        @"^(?<name>DS|ES|FS|GS|LDT|TR) ?=(?<selector>[0-9a-f]{4}) (?<base>[0-9a-f]{16}) (?<limit>[0-9a-f]{8})",
        RegexOptions.Multiline
    )]
    private static partial Regex Segment();

    [GeneratedRegex(@"^(?<name>GDT|IDT)= +(?<base>[0-9a-f]{16}) (?<limit>[0-9a-f]{8})", RegexOptions.Multiline)]
    private static partial Regex Table();

    [GeneratedRegex(@"\b(?<name>LVT0|LVT1|LVTPC|LVTERR|LVTTHMR|LVTT|SPIV|ESR|TPR|DFR|LDR)\s+0x(?<value>[0-9a-f]+)")]
    private static partial Regex ApicRegister();
}
