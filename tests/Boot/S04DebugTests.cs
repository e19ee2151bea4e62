using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary><c>skerry debug</c> drives gdb: it stops in the program that is named, and knows the line of C#.</summary>
[Collection(QemuCollection.Name)]
public sealed class S04DebugTests
{
    /// <summary>Seconds: a step that waits for another CPU never ends.</summary>
    private const string Patience = "100";

    private static readonly string[] _oneCpu = ["--topology", "1x1"];
    private static readonly string[] _fourCpus = ["--topology", "2x2", "--cluster", "machine"];

    /// <summary>All components lie at the same addresses, and others start before ping-client does.</summary>
    [Theory]
    [InlineData("ping-client", "Program.Main", "PingClient_Program__Main", "apps/pingclient/Program.cs")]
    [InlineData("ping-server", "Program.Main", "PingServer_Program__Main", "apps/pingserver/Program.cs")]
    [InlineData("core", "CoreMain.Announce", "CoreMain__Announce", "core/CoreMain.cs")]
    [InlineData(
        "kernel",
        "FrameOperations.MapSome",
        "FrameOperations__MapSome",
        "kernel/Operations/FrameOperations.cs"
    )]
    [InlineData("kernel", "Fastpath.Call", "Fastpath__Call", "kernel/Ipc/Fastpath.cs")]
    public void ItStopsInAMethodOfAProgram(string image, string method, string symbol, string file)
    {
        HostProgram run = Debug(_oneCpu, image, method, "backtrace 1");
        Assert.Equal(0, run.Status);
        Assert.Contains(symbol, run.Output);
        Assert.Contains($"/skerry/{file}", run.Output);
    }

    /// <summary>By a system call that takes the long way, and by one that a fastpath answers.</summary>
    [Theory]
    [InlineData("core", "Core.Prepare", "Invocation.Start", "SystemCalls__Enter", "/skerry/core/Core.cs:")]
    [InlineData(
        "ping-client",
        "Program.Measure",
        "Fastpath.Call",
        "Fastpath__Call",
        "/skerry/apps/pingclient/Program.cs:"
    )]
    public void ABacktraceGoesThroughTheDoorIntoTheComponent(
        string program,
        string method,
        string inKernel,
        string kernelFrame,
        string componentFrame
    )
    {
        HostProgram run = Debug(_oneCpu, program, method, [.. ItsNext(inKernel), "backtrace"]);
        Assert.Equal(0, run.Status);
        string[] wanted = [kernelFrame, "SystemCallEntry ()", "SystemCallStub ()", componentFrame, "_start ()"];
        AreFrames(wanted, run);
    }

    [Fact]
    public void ABacktraceGoesThroughTheDoorOfPageFaults()
    {
        HostProgram run = Debug(
            _oneCpu,
            "toucher",
            "Program.TouchAll",
            [.. ItsNext("Faults.DeliverToWaiting"), "backtrace"]
        );
        Assert.Equal(0, run.Status);
        string[] wanted = ["Faults__DeliverToWaiting", "Vector14 ()", "/skerry/apps/toucher/Program.cs:", "_start ()"];
        AreFrames(wanted, run);
    }

    /// <summary>There the kernel's page tables map no user memory.</summary>
    [Fact]
    public void WithMitigationsACommandOfItsOwnGoesOn()
    {
        HostProgram run = Debug(
            [.. _oneCpu, "--mitigations", "on"],
            "ping-client",
            "Program.Measure",
            [.. ItsNext("Fastpath.Call"), "skerry-backtrace"]
        );
        Assert.Equal(0, run.Status);
        string[] wanted = ["Fastpath__Call", "SystemCallEntryMitigated ()", "/skerry/apps/pingclient/Program.cs:"];
        AreFrames(wanted, run);
    }

    /// <summary>The client waits while its server answers, whose program gdb has the symbols of then.</summary>
    [Fact]
    public void ThreadsOfTheKernelAreShown()
    {
        HostProgram run = Debug(
            _oneCpu,
            "ping-client",
            "Program.Measure",
            "skerry-thread",
            "set $client = $skerry_thread()",
            "skerry-break ping-server PingDispatch.Increment",
            "continue",
            "skerry-thread $client",
            "skerry-backtrace $client",
            "backtrace 1"
        );
        Assert.Equal(0, run.Status);
        string[] threads = run.Output.Split("\nthread 0x");
        Assert.StartsWith("Running\n", AfterAddress(threads[1]));
        Assert.Contains("affinity  CPU 0 of the cluster", threads[1]);
        Assert.Contains("program ping-client", threads[1]);
        Assert.StartsWith("AwaitingReply\n", AfterAddress(threads[2]));
        Assert.Matches(@"priority  \d+, flags None", threads[2]);
        Assert.Matches(@"waits for Reply 0x[0-9a-f]+ of thread 0x[0-9a-f]+", threads[2]);
        Assert.Matches(@"registers rip 0x4[0-9a-f]+ rsp 0x[0-9a-f]+", threads[2]);
        string[] frames = Frames(run);
        Assert.Contains(frames, frame => frame.Contains("PingClient_Program__Measure"));
        Assert.Contains("PingDispatch__Increment", frames[^1]);
    }

    /// <summary>
    /// Four CPUs of one kernel, which all run. The two components that call each other are alone: a step over a call that
    /// waits for a lock of another CPU, which stands still meanwhile, would never end.
    /// </summary>
    [Theory]
    [InlineData("kernel", "SystemCalls.Handle", "SystemCalls__Handle")]
    [InlineData("ping-client", "Program.Measure", "PingClient_Program__Measure")]
    public void FiveStepsStayInTheMethod(string image, string method, string symbol)
    {
        string[] steps = [.. Enumerable.Repeat<string[]>(["next", "frame"], 5).SelectMany(step => step)];
        const string json = """
            {
              "children": [
                { "name": "server", "binary": "ping-server", "provides": ["Ping"] },
                {
                  "name": "client",
                  "binary": "ping-client",
                  "essential": true,
                  "routes": [{ "service": "Ping", "to": "child:server" }, { "to": "parent" }]
                }
              ]
            }
            """;
        string path = SystemFile.Write("debug-ping", json);
        HostProgram run = Debug([.. _fourCpus, "--config", path], image, method, steps);
        Assert.Equal(0, run.Status);
        string[] frames = Frames(run);
        Assert.Equal(5, frames.Length);
        Assert.All(frames, frame => Assert.Contains(symbol, frame));
        Assert.Equal(5, frames.Select(frame => frame[frame.LastIndexOf(':')..]).Distinct().Count());
    }

    [Theory]
    [InlineData("kernel", "Fastpath.NoSuchMethod", "has no symbol and no method \"Fastpath.NoSuchMethod\"")]
    [InlineData("kernel", "Fastpath.NoSuchMethod", "has no symbol and no method \"Fastpath.NoSuchMethod\"", true)]
    [InlineData(
        "ping-server",
        "PingServer.Increment",
        "it is inlined into its callers, or this program does not use it"
    )]
    [InlineData("no-such-program", "Program.Main", "no-such-program")]
    [InlineData("spinner", "Program.Main", "never came to spinner Program.Main")]
    public void WhereItNeverStopsIsAnError(string image, string method, string said, bool isInteractive = false)
    {
        HostProgram run = isInteractive ? Run(_oneCpu, image, method) : Debug(_oneCpu, image, method);
        Assert.NotEqual(0, run.Status);
        Assert.Contains(said, run.Error);
    }

    [Theory]
    [InlineData("break NoSuchMethod")]
    [InlineData("hbreak NoSuchMethod")]
    [InlineData("skerry-break kernel NoSuchMethod")]
    [InlineData("skerry-break no-such-program")]
    public void AFurtherBreakpointThatIsNotThereIsAnError(string command)
    {
        HostProgram run = Debug(_oneCpu, "kernel", "KernelEntry", command, "continue");
        Assert.NotEqual(0, run.Status);
        Assert.Matches("[Nn]o.?[Ss]uch", run.Error);
    }

    /// <summary>On to a method of the kernel, when the thread that runs now comes to it, and no other.</summary>
    private static string[] ItsNext(string method) =>
        [
            "set $its = $skerry_thread()",
            $"skerry-break kernel {method}",
            "condition $bpnum $skerry_thread() == $its",
            "continue",
        ];

    private static HostProgram Debug(string[] machine, string image, string method, params string[] commands) =>
        Run(machine, image, method, [.. commands, "kill"]);

    private static HostProgram Run(string[] machine, string image, string method, params string[] commands)
    {
        Debugger.Require();
        string[] options = [.. commands.SelectMany(command => new[] { "--gdb-command", command })];
        string tool = HostProgram.Built("Skerry.Qemu", "skerry.dll");
        string[] debug = ["dotnet", "exec", tool, "debug", .. machine, "--image", image, "--break", method];
        return HostProgram.Run("timeout", [Patience, .. debug, .. options]);
    }

    private static string AfterAddress(string text) => text[(text.IndexOf(' ') + 1)..];

    /// <summary>Lines that begin with #0, #1, and so on.</summary>
    private static string[] Frames(HostProgram run) =>
        [.. run.Output.Split('\n').Where(line => Regex.IsMatch(line, "^#[0-9]+ "))];

    /// <summary>In this order, others between them; else the whole dialogue is shown.</summary>
    private static void AreFrames(string[] wanted, HostProgram run) =>
        Assert.True(wanted.SequenceEqual(FoundInOrder(wanted, Frames(run))), run.Output);

    private static IEnumerable<string> FoundInOrder(IEnumerable<string> wanted, IEnumerable<string> lines)
    {
        using IEnumerator<string> line = lines.GetEnumerator();
        foreach (string text in wanted)
        {
            bool found = false;
            while (!found && line.MoveNext())
            {
                found = line.Current.Contains(text, StringComparison.Ordinal);
            }
            yield return found ? text : $"no {text}";
        }
    }
}
