namespace Skerry.Qemu.Source;

/// <summary>One name and value of a JSON object; the position is the name's.</summary>
public sealed record SourceMember(string Name, SourcePosition Position, SourceValue Value);
