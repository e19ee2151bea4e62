using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// The speed of the time-stamp counter, on machines that have all clocks, some, or none: a success with the right speed, or
/// a boot failure. With counted instructions QEMU's counter has 1 GHz, whatever the host does.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S01ClockTests
{
    private const ulong Hertz = 1_000_000_000;

    [Theory]
    [InlineData("q35")]
    [InlineData("q35,pit=off")]
    [InlineData("q35,hpet=off")]
    [InlineData("q35,pit=off,hpet=off")]
    [InlineData("microvm")]
    public void TheSpeedIsMeasuredAgainstWhatIsThere(string machine)
    {
        MachineResult result = Run(machine, Accelerator.InstructionCount, ExitStatus.Success);
        ulong speed = ulong.Parse(
            result.RecordsOf("topology").First().Fields["tsc-hertz"],
            CultureInfo.InvariantCulture
        );
        Assert.InRange(speed, Hertz - Hertz / 500, Hertz + Hertz / 500);
        Assert.DoesNotContain(result.Lines, line => line.Contains("time-stamp counter"));
    }

    [Theory]
    [InlineData("q35")]
    [InlineData("q35,pit=off")]
    [InlineData("microvm")]
    public void AllCpusComeByIt(string machine)
    {
        MachineResult result = Run(machine, Accelerator.Emulation, ExitStatus.Success);
        Assert.Equal("2", result.RecordsOf("topology").First().Fields["cpus"]);
    }

    [Fact]
    public void WithoutAClockThereIsAReason()
    {
        MachineResult result = Run("microvm,pit=off", Accelerator.Emulation, ExitStatus.BootFailure);
        Assert.Equal(
            "time-stamp counter can't be measured: there is no clock that works",
            result.RecordsOf("exit").Single().Rest(1)
        );
        Assert.Contains(result.Lines, line => line.StartsWith("interval timer: does not run"));
    }

    private static MachineResult Run(string machine, Accelerator accelerator, ExitStatus expected)
    {
        // microvm knows nothing of nodes, so none of these machines says something of them.
        Topology topology = Host.Qemu.TestFiles.Topology(
            """{ "name": "clocks", "numaTables": false, "nodes": [{ "memory": "128M", "cpus": 2 }] }"""
        );
        string name = "clock-" + string.Concat(machine.Where(char.IsLetterOrDigit));
        IReadOnlyList<string> arguments = ["-machine", machine];
        MachineOptions options = Guest.Options(topology, ClusterMode.L2, name, Guest.Smallest());
        return QemuMachine
            .Run(options with { Accelerator = accelerator, ExtraArguments = arguments })
            .Require(expected);
    }
}
