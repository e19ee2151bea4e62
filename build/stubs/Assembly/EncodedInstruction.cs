namespace Skerry.Stubs.Assembly;

/// <summary>An instruction as the assembler file shows it.</summary>
/// <param name="Bytes">As they are but for a reference to a symbol.</param>
/// <param name="ReferenceAt">Where in the bytes four of them refer to a symbol; -1 if none do.</param>
/// <param name="Reference">What the linker puts there.</param>
/// <param name="Label">What the source calls this place, if it does.</param>
/// <param name="Text">The instruction in Intel's syntax.</param>
/// <param name="Source">Where it comes from.</param>
internal sealed record EncodedInstruction(
    byte[] Bytes,
    int ReferenceAt,
    string Reference,
    string? Label,
    string Text,
    SourceLine Source
);
