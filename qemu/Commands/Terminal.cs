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

    /// <summary>Does work behind a spinner if a person watches and the work's own output goes elsewhere.</summary>
    public static T WithProgress<T>(string title, Func<T> work)
    {
        bool watched = !Console.IsErrorRedirected && Console.IsOutputRedirected;
        return watched ? Remarks.Status().Start(Markup.Escape(title), _ => work()) : work();
    }
}
