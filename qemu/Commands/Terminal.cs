using System;
using System.Collections.Generic;
using Skerry.Qemu.Source;
using Spectre.Console;

namespace Skerry.Qemu.Commands;

/// <summary>
/// Where the tool's words go: tables to standard output, remarks and errors to standard error, so that the serial
/// console can be piped on as it is.
/// </summary>
internal static class Terminal
{
    private const int FileWidth = 120;

    public static IAnsiConsole Output => AnsiConsole.Console;

    public static IAnsiConsole Remarks { get; } =
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });

    public static void Remark(string text) => Console.Error.WriteLine(text);

    public static void Print(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            Remark(diagnostic.ToString());
        }
    }

    /// <summary>Tables that go into a file need not be as narrow as a terminal.</summary>
    public static void WidenForFile()
    {
        if (Console.IsOutputRedirected)
        {
            Output.Profile.Width = FileWidth;
        }
    }

    /// <summary>Does work that prints nothing: behind a spinner if a person watches, else with a line now and then.</summary>
    public static T WithProgress<T>(string title, Func<T> work)
    {
        if (!Console.IsErrorRedirected)
        {
            return Remarks.Status().Start(Markup.Escape(title), _ => work());
        }
        using var heartbeat = Heartbeat.Of(title);
        return work();
    }
}
