using System.Globalization;

namespace Skerry.Qemu.Source;

/// <summary>Something wrong at a place of a file that a person wrote.</summary>
public sealed record Diagnostic(
    string File,
    SourcePosition Position,
    Severity Severity,
    DiagnosticCode Code,
    string Reason
)
{
    /// <returns>As compilers have it, so that editors find the place.</returns>
    public override string ToString()
    {
        string word = Severity == Severity.Warning ? "warning" : "error";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{File}({Position.Line},{Position.Column}): {word} SK{(int)Code:D4}: {Reason}"
        );
    }
}
