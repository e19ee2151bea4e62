namespace Skerry.Stubs.Assembly;

/// <summary>Where an instruction comes from.</summary>
/// <param name="File">Path of the C# file, as the compiler maps it (PathMap): below /skerry.</param>
/// <param name="Line">The first is 1.</param>
/// <param name="Operands">Its numbers and places in memory, as they are written there.</param>
internal readonly record struct SourceLine(string File, int Line, string Operands);
