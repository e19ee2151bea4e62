using System;
using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using Skerry.Qemu.Benchmarks;

namespace Skerry.Qemu.Commands;

/// <summary>What <c>skerry bench --record</c> keeps, and what it says of when and where that was measured.</summary>
internal static class FiguresOfRecord
{
    public static string Today => DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The commit that is checked out, with a "+" if something has been changed since.</summary>
    public static string Commit(Repository repository)
    {
        string commit = Git(repository, "rev-parse", "--short", "HEAD");
        return Git(repository, "status", "--porcelain", "--untracked-files=no") == "" ? commit : commit + "+";
    }

    public static void Keep<TFigure>(string path, FigureRecord<TFigure> record)
    {
        record.Write(path);
        Terminal.Remark($"skerry: {path}: recorded at {record.Commit}");
    }

    private static string Git(Repository repository, params string[] arguments)
    {
        BufferedCommandResult result = Cli.Wrap("git")
            .WithArguments(arguments)
            .WithWorkingDirectory(repository.Root)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync()
            .Task.GetAwaiter()
            .GetResult();
        return result.IsSuccess ? result.StandardOutput.Trim() : "unknown";
    }
}
