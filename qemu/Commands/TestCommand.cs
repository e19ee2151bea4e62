using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Commands;

/// <summary>
/// <c>skerry test</c>: checks the formatting, runs the tests that were built, and ends with the line
/// <c>N passed, N failed</c>. The formatting counts as one test.
/// </summary>
internal static class TestCommand
{
    private static readonly Option<string?> _suite = new("--suite")
    {
        Description = "Only test classes whose name below Skerry.Tests begins so: Host, Host.Qemu.ByteSize, …",
    };

    private static readonly Option<int> _soak = ValueOptions.Number(
        "--soak",
        0,
        1000,
        0,
        "0: a share of what is random; 1: all of it; 2: twice as much; up to 1000."
    );

    private static readonly Option<string?> _results = new("--results")
    {
        Description = "Folder for the reports: JUnit XML, TRX and xunit's XML; out/test if not given.",
    };

    /// <summary>The kernel's own sources, with a machine of the tests', are a program of their own.</summary>
    private static readonly string[] _programs = ["Skerry.Tests", "Skerry.KernelOnHost"];

    public static Command Create(Repository repository)
    {
        var command = new Command("test", "Check the formatting and run the tests.");
        command.Options.Add(_suite);
        command.Options.Add(_soak);
        command.Options.Add(_results);
        command.SetAction(arguments => Test(repository, arguments));
        return command;
    }

    private static int Test(Repository repository, ParseResult arguments)
    {
        string? suite = arguments.GetValue(_suite);
        int soak = arguments.GetValue(_soak);
        string results = arguments.GetValue(_results) ?? Path.Combine(repository.Output, "test");
        int passed = 0;
        int failed = 0;
        List<string> failures = [];
        if (string.IsNullOrEmpty(suite))
        {
            bool formatted = Run(repository, "dotnet", ["csharpier", "check", "."], soak) == 0;
            passed += formatted ? 1 : 0;
            failed += formatted ? 0 : 1;
            failures.AddRange(formatted ? [] : ["formatting: make format mends it"]);
        }
        int ranInAll = 0;
        foreach (string program in _programs)
        {
            var reports = new TestReports(results, program);
            (int ran, int broke) = RunProgram(repository, reports, suite, soak);
            passed += ran;
            failed += broke;
            ranInAll += ran + broke;
            failures.AddRange(broke == 0 ? [] : reports.Failures());
        }
        if (!string.IsNullOrEmpty(suite) && ranInAll == 0)
        {
            throw new BadInputException($"no test's name begins with Skerry.Tests.{suite}");
        }
        // Last, as a CI server often shows no more of a log than its end.
        foreach (string failure in failures)
        {
            Console.Out.WriteLine($"failed: {failure}");
        }
        Console.Out.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 ? 0 : 1;
    }

    private static (int Passed, int Failed) RunProgram(
        Repository repository,
        TestReports reports,
        string? suite,
        int soak
    )
    {
        reports.Clear();
        string program = PathOf(repository, reports.Program);
        int status = Run(repository, program, [.. reports.Arguments, .. Selection(suite)], soak);
        (int passed, int failed) = reports.Count();
        // A test program that ends badly without a failed test has crashed, which is a failure like any other.
        return (passed, status != 0 && failed == 0 ? 1 : failed);
    }

    /// <summary>Built beside this program, in the same configuration.</summary>
    private static string PathOf(Repository repository, string program)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(repository.Output, "bin", program, configuration, $"{program}.dll");
    }

    private static string[] Selection(string? suite) =>
        string.IsNullOrEmpty(suite) ? [] : ["-class", $"Skerry.Tests.{suite}*"];

    private static int Run(Repository repository, string program, IEnumerable<string> arguments, int soak)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = repository.Root };
        start.Environment["SKERRY_SOAK"] = soak.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (program != "dotnet")
        {
            start.ArgumentList.Add("exec");
            start.ArgumentList.Add(program);
        }
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        using Heartbeat heartbeat = Heartbeat.Of(
            program == "dotnet" ? "formatting" : Path.GetFileNameWithoutExtension(program)
        );
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
