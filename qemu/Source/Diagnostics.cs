using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Source;

/// <summary>Collects what is wrong with one file, so that a person sees all of it at once.</summary>
public sealed class Diagnostics(string file)
{
    private readonly List<Diagnostic> _entries = [];

    public string File { get; } = file;

    public IReadOnlyList<Diagnostic> Entries => _entries;

    public bool HasErrors => _entries.Any(entry => entry.Severity == Severity.Error);

    public void Error(SourcePosition position, DiagnosticCode code, string reason) =>
        _entries.Add(new Diagnostic(File, position, Severity.Error, code, reason));

    public void Warning(SourcePosition position, DiagnosticCode code, string reason) =>
        _entries.Add(new Diagnostic(File, position, Severity.Warning, code, reason));

    /// <summary>Ends the reading of the file if it has an error.</summary>
    /// <exception cref="BadInputException">There is at least one error.</exception>
    public void ThrowIfErrors()
    {
        if (HasErrors)
        {
            throw new BadInputException(_entries.OrderBy(entry => entry.Position).ToArray());
        }
    }
}
