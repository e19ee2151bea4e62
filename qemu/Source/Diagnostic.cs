namespace Skerry.Qemu.Source;

/// <summary>Something wrong at a line (from 1) of a file that a person wrote.</summary>
public sealed record Diagnostic(string File, int Line, Severity Severity, string Reason)
{
    public override string ToString() =>
        Severity == Severity.Warning ? $"{File}({Line}): warning: {Reason}" : $"{File}({Line}): {Reason}";
}
