using System;
using System.CommandLine;
using System.Globalization;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry run</c>: boots a machine and passes its serial console on until it ends.</summary>
internal static class RunCommand
{
    private enum KvmChoice
    {
        Off,
        Auto,
    }

    private static readonly MachineSelection _selection = new();

    private static readonly Option<bool> _instructionCount = new("--icount")
    {
        Description = "Count instructions instead of time: the same numbers on every run (one host thread).",
    };

    private static readonly Option<int> _timeout = ValueOptions.Number(
        "--timeout",
        1,
        ValueOptions.LongestTime,
        (int)MachineOptions.DefaultTimeLimit.TotalSeconds,
        "Seconds after which QEMU is killed; two more for each CPU above 64."
    );

    private static readonly Option<bool> _debugger = new("--gdb")
    {
        Description = $"Wait for gdb on TCP port {DebugCommand.Port} before the first instruction.",
    };

    private static readonly Option<KvmChoice> _kvm = ValueOptions.Choice(
        "--kvm",
        KvmChoice.Off,
        "Run on the host's processor if a probe shows that KVM works here."
    );

    private static readonly Option<string> _append = new("--append")
    {
        Description = "Further words for the guest's command line.",
        DefaultValueFactory = _ => "",
    };

    public static Command Create(Repository repository)
    {
        var command = new Command("run", "Boot a machine into a system of components.");
        _selection.AddTo(command);
        command.Options.Add(_instructionCount);
        command.Options.Add(_timeout);
        command.Options.Add(_debugger);
        command.Options.Add(_kvm);
        command.Options.Add(_append);
        command.SetAction(arguments => (int)Run(repository, arguments));
        return command;
    }

    /// <summary>As it is given, to the second; else the machine's own.</summary>
    private static TimeSpan Limit(ParseResult arguments, int cpus) =>
        arguments.GetResult(_timeout) is { Implicit: false }
            ? TimeSpan.FromSeconds(arguments.GetValue(_timeout))
            : MachineOptions.TimeLimitOf(cpus);

    private static ExitStatus Run(Repository repository, ParseResult arguments)
    {
        using PreparedSystem system = _selection.Prepare(repository, arguments);
        bool debugger = arguments.GetValue(_debugger);
        MachineOptions options = system.Options(arguments.GetValue(_append)!) with
        {
            Accelerator = Choose(repository, arguments),
            DebuggerPort = debugger ? DebugCommand.Port : null,
        };
        options = options with { TimeLimit = debugger ? null : Limit(arguments, options.Topology.Cpus.Count) };
        int cpus = options.Topology.Cpus.Count;
        int nodes = options.Topology.Nodes.Count;
        string machine = $"{options.Topology.Name}: {Counted(nodes, "node")}, {Counted(cpus, "CPU")}";
        Terminal.Remark($"skerry: {machine}, {Describe(options.Accelerator)}; log in {options.LogFile}");
        // The serial console is progress enough, unless it goes elsewhere and a person watches.
        bool watched = Console.IsOutputRedirected && !Console.IsErrorRedirected;
        MachineResult result = watched ? Terminal.WithProgress(machine, Start) : Start();
        Report(result);
        if (result.Status == ExitStatus.TimeOut)
        {
            TellUnfinished(system, result);
        }
        return result.Status;

        MachineResult Start()
        {
            // A system in which somebody waits for ever says nothing until its time is over.
            using Heartbeat silence = Heartbeat.OfSilence(options.TimeLimit);
            return QemuMachine.Run(
                options,
                line =>
                {
                    silence.Restart();
                    Console.Out.WriteLine(line);
                }
            );
        }
    }

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static Accelerator Choose(Repository repository, ParseResult arguments)
    {
        if (arguments.GetValue(_instructionCount))
        {
            return Accelerator.InstructionCount;
        }
        if (arguments.GetValue(_kvm) == KvmChoice.Off)
        {
            return Accelerator.Emulation;
        }
        KvmAnswer answer = KvmProbe.Ask(repository);
        Terminal.Remark($"skerry: KVM is {(answer.Works ? "used" : "not used")}: {answer.Reason}");
        return answer.Works ? Accelerator.Kvm : Accelerator.Emulation;
    }

    private static void Report(MachineResult result)
    {
        foreach (string complaint in result.Complaints)
        {
            Terminal.Remark($"qemu: {complaint}");
        }
        string seconds = result.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        Terminal.Remark($"skerry: {ExitStatuses.Describe(result.Status)} after {seconds} s: {result.Reason}");
    }

    private static void TellUnfinished(PreparedSystem system, MachineResult result)
    {
        foreach (string sentence in Unfinished.Of(system.System, result.Lines))
        {
            Terminal.Remark($"skerry: {sentence}");
        }
    }

    private static string Describe(Accelerator accelerator) =>
        accelerator switch
        {
            Accelerator.Kvm => "on the host's processor",
            Accelerator.InstructionCount => "emulated, counting instructions",
            _ => "emulated",
        };
}
