using System;
using System.Collections.Generic;
using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
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
        string image = arguments.GetValue(_image)!;
        RequireImage(repository, image);
        using PreparedSystem system = _selection.Prepare(repository, arguments);
        int port = FreePort.Find();
        MachineOptions options = system.Options() with { TimeLimit = null, DebuggerPort = port };
        // Ctrl-C is gdb's: it interrupts the guest, and must not end this program.
        Console.CancelKeyPress += (_, key) => key.Cancel = true;
        using QemuMachine machine = QemuMachine.Start(options);
        Terminal.Remark($"skerry: {options.Topology.Name} waits for gdb; its serial console goes to {options.LogFile}");
        return StartDebugger(repository, port, image, arguments.GetValue(_break), arguments.GetValue(_commands) ?? []);
    }

    /// <exception cref="BadInputException">There is no such program; it would be found out behind the machine's start.</exception>
    private static void RequireImage(Repository repository, string image)
    {
        var programs = new ProgramCatalog(repository.Images);
        if (!programs.IsThere(image))
        {
            string hint = NearestName.Hint(image, [.. programs.Names, .. BootArchive.Always, BootArchive.Bootstrap]);
            throw new BadInputException($"there is no program \"{image}\" in out/images{hint}");
        }
    }

    private static ExitStatus StartDebugger(
        Repository repository,
        int port,
        string image,
        string? stop,
        IReadOnlyList<string> commands
    )
    {
        // gdb goes through a file up to the first error, and reports that; of commands in its arguments it forgets all but
        // the last one's.
        string script = Path.GetTempFileName();
        try
        {
            IEnumerable<string> preparation = DebuggerScript.Preparation(repository.Root, port);
            File.WriteAllLines(script, [.. preparation, $"skerry-start {image} {stop}", .. commands]);
            string[] arguments = commands.Count == 0 ? ["-q", "-x", script] : ["-q", "-batch", "-x", script];
            string symbols = BootArchive.Image(repository.Images, SymbolsOf(image));
            var start = new ProcessStartInfo("gdb", [.. arguments, symbols]) { WorkingDirectory = repository.Root };
            using Process debugger = Process.Start(start)!;
            debugger.WaitForExit();
            return debugger.ExitCode == 0 ? ExitStatus.Success : ExitStatus.QemuFailure;
        }
        catch (Win32Exception exception)
        {
            throw new BadInputException($"gdb cannot be started ({exception.Message}); \"make debug\" installs it");
        }
        finally
        {
            File.Delete(script);
        }
    }

    /// <summary>Those of the kernel stay; those of components come and go with what runs (qemu/debugger).</summary>
    private static string SymbolsOf(string image) => image is "boot" or "kernel-checked" ? image : "kernel";
}
