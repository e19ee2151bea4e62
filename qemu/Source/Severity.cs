namespace Skerry.Qemu.Source;

/// <summary>Whether a diagnostic refuses the file.</summary>
public enum Severity
{
    Warning,
    Error,
}
