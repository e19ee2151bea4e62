using System;
using System.IO;
using System.Linq;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Machines;

/// <summary>
/// The archive and the log of one run. Runs side by side have files of their own: while the first "NAME" goes on, the
/// next that asks for the name gets "NAME-2". The claim is a lock on a file, which ends with the process at the latest.
/// </summary>
public sealed class RunFiles : IDisposable
{
    private const int MostAtOnce = 99;

    private readonly FileStream _claim;

    private RunFiles(Repository repository, string name, FileStream claim)
    {
        _claim = claim;
        Archive = Path.Combine(repository.Output, $"boot-{name}.tar");
        Log = Path.Combine(repository.Logs, $"{name}.log");
    }

    public string Archive { get; }

    public string Log { get; }

    /// <param name="repository">Below whose output directory the files lie.</param>
    /// <param name="name">Tells this kind of run from others; what a file's name cannot hold becomes '-'.</param>
    /// <exception cref="BadInputException">The output directory cannot be written, or 99 such runs go on.</exception>
    public static RunFiles Claim(Repository repository, string name)
    {
        string directory = Path.Combine(repository.Output, "run");
        string plain = new([.. name.Select(character => IsPlain(character) ? character : '-')]);
        string? reason = null;
        for (int i = 1; i <= MostAtOnce; i++)
        {
            string numbered = i == 1 ? plain : $"{plain}-{i}";
            try
            {
                Directory.CreateDirectory(directory);
                string file = Path.Combine(directory, numbered + ".lock");
                var claim = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return new RunFiles(repository, numbered, claim);
            }
            catch (IOException exception)
            {
                // Another run has it; or else the next will fail for the same reason.
                reason = exception.Message;
            }
            catch (UnauthorizedAccessException exception)
            {
                throw new BadInputException($"{directory}: cannot be written: {exception.Message}");
            }
        }
        throw new BadInputException($"{directory}: no name is free for \"{plain}\": {reason}");
    }

    public void Dispose() => _claim.Dispose();

    /// <summary>QEMU takes a comma apart, and a slash would lead elsewhere.</summary>
    private static bool IsPlain(char character) =>
        character is not (',' or '/' or '\\' or ':' or '"' or '<' or '>' or '|' or '?' or '*') && character >= ' ';
}
