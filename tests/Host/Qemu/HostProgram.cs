using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Skerry.Qemu;

namespace Skerry.Tests.Host.Qemu;

/// <summary>A program of the host that has ended: what it returned and what it said.</summary>
internal sealed record HostProgram(int Status, string Output, string Error)
{
    /// <summary>The configuration that this program was built in, as folders of out/bin have it.</summary>
    public static string Configuration { get; } =
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>A program of the project's by the name of its project and file.</summary>
    public static string Built(string project, string file) =>
        Path.Combine(Repository.Locate().Output, "bin", project, Configuration, file);

    /// <summary>Runs the host tool that was built beside the tests.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static HostProgram Skerry(params string[] arguments) =>
        Run("dotnet", ["exec", Built("Skerry.Qemu", "skerry.dll"), .. arguments]);

    /// <summary>Runs a program in the checkout and waits for its end.</summary>
    /// <param name="program">A name that PATH has.</param>
    /// <param name="arguments">Its arguments.</param>
    public static HostProgram Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Locate().Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // MSBuild's servers would outlive the test and keep its pipes open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new HostProgram(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
