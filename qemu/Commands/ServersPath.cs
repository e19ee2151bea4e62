using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using CliWrap;
using CliWrap.Buffered;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Benchmarks;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Commands;

/// <summary>
/// <c>skerry bench --suite servers --path ROW</c>: gdb steps through one sample of a row, instruction by instruction, and
/// what each function had of it is shown.
/// </summary>
internal static class ServersPath
{
    private const string Program = "servers-bench";
    private const string Begins = "Report.PathBegins";
    private const string Ends = "Report.PathEnds";

    private static readonly TimeSpan _timeLimit = TimeSpan.FromMinutes(10);

    /// <exception cref="BadInputException">There is no such row, or none that can be followed; or gdb is missing.</exception>
    public static ExitStatus Follow(Repository repository, string name)
    {
        ServersMachine machine = MachineOf(repository, name);
        string system = FollowedSystem(repository, machine, name);
        using PreparedSystem prepared = PreparedSystem.Prepare(
            repository,
            machine.Topology,
            machine.Mode,
            MitigationMode.Off,
            system
        );
        int port = FreePort.Find();
        MachineOptions options = prepared.Options() with { TimeLimit = _timeLimit, DebuggerPort = port };
        using QemuMachine running = QemuMachine.Start(options);
        BufferedCommandResult debugger = Terminal.WithProgress($"{machine.Name}, {name}", () => Step(repository, port));
        PathPart[] parts =
        [
            .. debugger
                .StandardOutput.Split('\n')
                .Select(RecordLine.Parse)
                .OfType<RecordLine>()
                .Where(line => line.Kind == "path")
                .Select(PathPart.Of),
        ];
        if (parts.Length == 0)
        {
            Terminal.Remark($"{debugger.StandardOutput}{debugger.StandardError}");
            return ExitStatus.QemuFailure;
        }
        Print(machine, name, parts);
        return ExitStatus.Success;
    }

    /// <summary>The smallest on which the row is measured.</summary>
    private static ServersMachine MachineOf(Repository repository, string name)
    {
        IReadOnlyList<ServersRow> rows = ServersReference.Read(repository).Rows;
        string[] names = [.. rows.Where(row => row.HasPath).Select(row => row.Name)];
        if (!names.Contains(name))
        {
            throw new BadInputException(
                $"no row \"{name}\" can be followed; there are {string.Join(", ", names)}{NearestName.Hint(name, names)}"
            );
        }
        return ServersMachine.All.First(rows.Single(row => row.Name == name).IsMeasuredOn);
    }

    /// <summary>The machine's first system, whose measuring component is told to stop in this row.</summary>
    private static string FollowedSystem(Repository repository, ServersMachine machine, string name)
    {
        string text = File.ReadAllText(ServersSuite.FileOf(repository, machine.Systems[0]));
        string path = Path.Combine(repository.Output, "bench", $"servers-path-{machine.Parent}.json");
        OutputFile.Write(path, text.Replace("\"measure", $"\"measure path={name}", StringComparison.Ordinal));
        return path;
    }

    private static BufferedCommandResult Step(Repository repository, int port)
    {
        string script = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(
                script,
                [
                    .. DebuggerScript.Preparation(repository.Root, port),
                    $"skerry-start {Program} {Begins}",
                    $"skerry-path {Ends}",
                    "kill",
                ]
            );
            return Cli.Wrap("gdb")
                .WithArguments(["-q", "-batch", "-x", script, BootArchive.Image(repository.Images, "kernel")])
                .WithWorkingDirectory(repository.Root)
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync()
                .Task.GetAwaiter()
                .GetResult();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new BadInputException($"gdb cannot be started ({exception.Message}); \"make debug\" installs it");
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static void Print(ServersMachine machine, string name, PathPart[] parts)
    {
        long all = parts.Sum(part => part.Instructions);
        Terminal.WidenForFile();
        Console.Out.WriteLine(FormattableString.Invariant($"{name} on {machine.Name}: {all:N0} instructions"));
        var table = new FoldedTable(["function", "image", "instructions", "share"]);
        foreach (PathPart part in parts)
        {
            table.AddRow(
                part.Function,
                part.Image,
                part.Instructions.ToString("N0", CultureInfo.InvariantCulture),
                ((double)part.Instructions / all).ToString("P1", CultureInfo.InvariantCulture)
            );
        }
        table.Write(Terminal.Output);
    }

    /// <summary>One line of qemu/debugger/path.py.</summary>
    private sealed record PathPart(string Image, string Function, long Instructions)
    {
        public static PathPart Of(RecordLine line) =>
            new(line.Word(1), line.Rest(2), long.Parse(line.Word(0), CultureInfo.InvariantCulture));
    }
}
