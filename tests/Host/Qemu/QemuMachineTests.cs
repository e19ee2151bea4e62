using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Skerry.Qemu.Machines;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>The serial harness against real QEMU and guests of a few instructions.</summary>
[Collection(QemuCollection.Name)]
public sealed class QemuMachineTests
{
    [Fact]
    public void GathersLinesAndRecords()
    {
        GuestProgram guest = new GuestProgram()
            .PrintLine("for people")
            .PrintLine("@test first pass")
            .PrintLine("@bench call unit=instructions n=3 median=252")
            .PrintLine("@exit 16 all essential children exited")
            .Exit(0x10);
        MachineResult result = Run(guest).Require(ExitStatus.Success);
        Assert.Equal(4, result.Lines.Count);
        Assert.Equal("for people", result.Lines[0]);
        Assert.Equal(["test", "bench", "exit"], result.Records.Select(record => record.Kind));
        Assert.Equal("252", result.RecordsOf("bench").Single().Fields["median"]);
        Assert.Equal("16 all essential children exited", result.Reason);
    }

    [Theory]
    [InlineData(0x10, ExitStatus.Success)]
    [InlineData(0x11, ExitStatus.KernelPanic)]
    [InlineData(0x12, ExitStatus.ComponentFailure)]
    [InlineData(0x13, ExitStatus.TestFailure)]
    [InlineData(0x14, ExitStatus.BootFailure)]
    [InlineData(0x7f, ExitStatus.QemuFailure)]
    public void TheExitIsTyped(byte code, ExitStatus expected) =>
        Assert.Equal(expected, Run(new GuestProgram().Exit(code)).Status);

    /// <summary>A record of another code is not that of this end, wherever it stands.</summary>
    [Theory]
    [InlineData("@exit 17 a panic", "@exit 18 west failed", "18 west failed")]
    [InlineData("@exit 18 west failed", "@exit 16 all is well", "18 west failed")]
    [InlineData("@exit 18 west failed", " @exit 18 east failed", "18 west failed")]
    [InlineData("@exit 17 a panic", "@exit x", "QEMU returned 37")]
    public void TheReasonIsThatOfTheEnd(string first, string second, string reason) =>
        Assert.Equal(reason, Run(new GuestProgram().PrintLine(first).PrintLine(second).Exit(0x12)).Reason);

    [Fact]
    public void ATripleFaultIsAPanic()
    {
        MachineResult result = Run(new GuestProgram().PrintLine("going down").TripleFault());
        Assert.Equal(ExitStatus.KernelPanic, result.Status);
        Assert.Contains("triple fault", result.Reason);
        Assert.Contains("going down", result.Describe());
    }

    /// <summary>Asked to end, QEMU returns 0, as after a triple fault; killed, it says nothing.</summary>
    [Theory]
    [InlineData(2, "terminating on signal 2")]
    [InlineData(15, "terminating on signal 15")]
    [InlineData(9, "signal 9, SIGKILL")]
    public void WhatASignalEndsIsNoPanic(int signal, string reason)
    {
        using QemuMachine machine = Start(new GuestProgram().PrintLine("here").Hang());
        machine.WaitForLine(line => line == "here", TimeSpan.FromSeconds(20));
        Assert.Equal(0, Kill(machine.ProcessId, signal));
        MachineResult result = machine.WaitForExit();
        Assert.Equal(ExitStatus.Interrupted, result.Status);
        Assert.Contains(reason, result.Reason);
        Assert.StartsWith("ended from outside", result.Describe());
    }

    /// <summary>kill(2).</summary>
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    [Fact]
    public void AHangIsKilledAndItsLogKept()
    {
        MachineResult result = Run(new GuestProgram().PrintLine("last words").Hang(), TimeSpan.FromSeconds(3));
        Assert.Equal(ExitStatus.TimeOut, result.Status);
        Assert.Equal(["last words"], result.Lines);
        var exception = Assert.Throws<MachineFailureException>(() => result.Require(ExitStatus.Success));
        Assert.Contains("last words", exception.Message);
    }

    [Fact]
    public void ASilenceIsKilledWithWhatWasSaidLast()
    {
        MachineOptions options = Options(new GuestProgram().PrintLine("last words").Hang().Save());
        MachineResult result = QemuMachine.Run(options with { SilenceLimit = TimeSpan.FromSeconds(3) });
        Assert.Equal(ExitStatus.TimeOut, result.Status);
        Assert.Equal("silent for 3 s behind: last words", result.Reason);
    }

    [Fact]
    public void ALineIsWaitedForWhileTheGuestRuns()
    {
        using QemuMachine machine = Start(new GuestProgram().PrintLine("@ready").PrintLine("more").Hang());
        Assert.Equal("@ready", machine.WaitForLine(line => line.StartsWith('@'), TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void ALineThatDoesNotComeFailsWithTheWholeLog()
    {
        using QemuMachine machine = Start(new GuestProgram().PrintLine("something else").Exit(0x10));
        var exception = Assert.Throws<MachineFailureException>(() =>
            machine.WaitForLine(line => line == "@ready", TimeSpan.FromSeconds(20))
        );
        Assert.Contains("something else", exception.Message);
    }

    [Fact]
    public void DisposeLeavesNoProcess()
    {
        string guest = new GuestProgram().PrintLine("here").Hang().Save();
        int id;
        using (QemuMachine machine = QemuMachine.Start(Options(guest)))
        {
            machine.WaitForLine(line => line == "here", TimeSpan.FromSeconds(20));
            id = machine.ProcessId;
            Assert.True(RunsWith(id, guest));
        }
        Assert.False(RunsWith(id, guest));
        File.Delete(guest);
    }

    [Fact]
    public void TheLogIsSaved()
    {
        string log = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "serial.log");
        string guest = new GuestProgram().PrintLine("one").PrintLine("two").Exit(0x10).Save();
        QemuMachine.Run(Options(guest) with { LogFile = log });
        Assert.Equal(["one", "two"], File.ReadAllLines(log));
        Directory.Delete(Path.GetDirectoryName(log)!, recursive: true);
        File.Delete(guest);
    }

    [Fact]
    public void WhatQemuRefusesIsReported()
    {
        string guest = new GuestProgram().Exit(0x10).Save();
        MachineResult result = QemuMachine.Run(Options(guest) with { ExtraArguments = ["-device", "no-such-device"] });
        Assert.Equal(ExitStatus.QemuFailure, result.Status);
        Assert.Contains("no-such-device", result.Reason);
        File.Delete(guest);
    }

    private static MachineResult Run(GuestProgram program, TimeSpan? limit = null)
    {
        using QemuMachine machine = Start(program, limit);
        return machine.WaitForExit();
    }

    private static QemuMachine Start(GuestProgram program, TimeSpan? limit = null)
    {
        MachineOptions options = Options(program.Save());
        return QemuMachine.Start(limit is null ? options : options with { TimeLimit = limit });
    }

    private static MachineOptions Options(string guest) =>
        new()
        {
            Topology = TestFiles.Shipped("1x1"),
            Kernel = guest,
            TimeLimit = TimeSpan.FromSeconds(30),
        };

    /// <summary>This process runs QEMU with this file; one that has ended has no command line, or is gone.</summary>
    private static bool RunsWith(int id, string file)
    {
        string path = $"/proc/{id}/cmdline";
        return File.Exists(path) && File.ReadAllText(path).Contains(file);
    }
}
