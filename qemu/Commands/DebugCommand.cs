using System;
using System.Collections.Generic;
using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Commands;

/// <summary><c>skerry debug</c>: a machine that waits at the kernel's entry, and gdb attached to it.</summary>
internal static class DebugCommand
{
    public const int Port = 1234;

    private static readonly MachineSelection _selection = new();

    private static readonly Option<string> _image = new("--image")
    {
        Description = "The program that is debugged: kernel, boot, core, or a component, such as ping-client.",
        DefaultValueFactory = _ => "kernel",
    };

    private static readonly Option<string?> _break = new("--break")
    {
        Description = "Stop at this symbol, or at this method of C# (Class.Method), instead of the program's entry.",
    };

    private static readonly Option<string[]> _commands = new("--gdb-command")
    {
        Description = "Further gdb commands after the stop; with one, gdb ends after the last.",
    };

    public static Command Create(Repository repository)
    {
        var command = new Command("debug", "Stop at the kernel's entry in gdb, with C# source lines.");
        _selection.AddTo(command);
        command.Options.Add(_image);
        command.Options.Add(_break);
        command.Options.Add(_commands);
        command.SetAction(arguments => (int)Debug(repository, arguments));
        return command;
    }

    private static ExitStatus Debug(Repository repository, ParseResult arguments)
    {
        using PreparedSystem system = _selection.Prepare(repository, arguments);
        string name = arguments.GetValue(_image)!;
        string image = BootArchive.Image(repository.Images, name);
        string stop = DebugStop.Of(repository, name, arguments.GetValue(_break));
        int port = FreePort();
        MachineOptions options = system.Options() with { TimeLimit = null, DebuggerPort = port };
        // Ctrl-C is gdb's: it interrupts the guest, and must not end this program.
        Console.CancelKeyPress += (_, key) => key.Cancel = true;
        using QemuMachine machine = QemuMachine.Start(options);
        Terminal.Remark($"skerry: {options.Topology.Name} waits for gdb; its serial console goes to {options.LogFile}");
        return StartDebugger(repository, image, port, stop, arguments.GetValue(_commands) ?? []);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static ExitStatus StartDebugger(
        Repository repository,
        string image,
        int port,
        string stop,
        IReadOnlyList<string> commands
    )
    {
        var start = new ProcessStartInfo("gdb") { WorkingDirectory = repository.Root };
        List<string> script =
        [
            "set confirm off",
            "set pagination off",
            "set architecture i386:x86-64",
            // The C# compiler wrote paths as they would be under /skerry (PathMap), for builds that can be repeated.
            $"set substitute-path /skerry {repository.Root}",
            $"target remote 127.0.0.1:{port}",
            // The image is copied and mapped only later, so a breakpoint must not be written into memory now.
            $"hbreak {stop}",
            // Another CPU that comes by a breakpoint would take the step along.
            "set scheduler-locking step",
            "continue",
            .. commands,
        ];
        start.ArgumentList.Add("-q");
        if (commands.Count != 0)
        {
            start.ArgumentList.Add("-batch");
        }
        foreach (string line in script)
        {
            start.ArgumentList.Add("-ex");
            start.ArgumentList.Add(line);
        }
        start.ArgumentList.Add(image);
        try
        {
            using Process debugger = Process.Start(start)!;
            debugger.WaitForExit();
            return debugger.ExitCode == 0 ? ExitStatus.Success : ExitStatus.QemuFailure;
        }
        catch (Win32Exception exception)
        {
            throw new BadInputException($"gdb cannot be started ({exception.Message}); \"make debug\" installs it");
        }
    }
}
