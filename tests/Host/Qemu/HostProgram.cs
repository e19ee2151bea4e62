using System;
using System.Collections.Generic;
using System.IO;
using CliWrap;
using CliWrap.Buffered;
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
    public static HostProgram Run(string program, params IEnumerable<string> arguments) =>
        RunWith(new Dictionary<string, string?>(), program, arguments);

    /// <summary>The same, in another environment.</summary>
    /// <param name="variables">What is different; null for those that are not to be there.</param>
    /// <param name="program">A name that PATH has.</param>
    /// <param name="arguments">Its arguments.</param>
    public static HostProgram RunWith(
        IReadOnlyDictionary<string, string?> variables,
        string program,
        params IEnumerable<string> arguments
    )
    {
        // MSBuild's servers would outlive the test and keep its pipes open.
        BufferedCommandResult result = Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(Repository.Locate().Root)
            .WithEnvironmentVariables(own =>
                own.Set(variables).Set("MSBUILDDISABLENODEREUSE", "1").Set("DOTNET_CLI_USE_MSBUILD_SERVER", "0")
            )
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync()
            .Task.GetAwaiter()
            .GetResult();
        return new HostProgram(result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
