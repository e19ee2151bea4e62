using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Iced.Intel;

namespace Skerry.Stubs.Assembly;

/// <summary>
/// Iced's assembler, with the line of C# that each instruction was written at and the names that labels have there. The
/// methods of the instructions come from build/generator.
/// </summary>
internal sealed partial class SourceAssembler(int bitness) : Assembler(bitness)
{
    private readonly List<SourceLine> _lines = [];
    private readonly Dictionary<int, string> _labels = [];

    /// <summary>One for each instruction, in their order.</summary>
    public IReadOnlyList<SourceLine> Lines => _lines;

    /// <summary>What the source calls the label before the instruction with this index.</summary>
    /// <returns>Null if there is none.</returns>
    public string? LabelAt(int index) => _labels.GetValueOrDefault(index);

    public void Label(ref Label label, [CallerArgumentExpression(nameof(label))] string name = "")
    {
        base.Label(ref label);
        // "ref labels.Slow" is Slow.
        _labels[Instructions.Count] = name[(name.LastIndexOfAny([' ', '.']) + 1)..];
    }

    /// <summary>An instruction that the assembler has no method for.</summary>
    public void AddInstruction(
        Instruction instruction,
        [CallerFilePath] string file = "",
        [CallerLineNumber] int line = 0
    )
    {
        base.AddInstruction(instruction);
        Note(file, line, "");
    }

    private void Note(string file, int line, string operands) => _lines.Add(new SourceLine(file, line, operands));
}
