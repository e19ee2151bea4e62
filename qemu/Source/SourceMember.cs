namespace Skerry.Qemu.Source;

/// <summary>One name and value of a JSON object; the line is the name's.</summary>
public sealed record SourceMember(string Name, int Line, SourceValue Value);
