using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// A debugger that stops at an instruction of a stub shows the line of C# that wrote it: every instruction has a line, and
/// there the source names this instruction.
/// </summary>
internal static class SourceLineCheck
{
    /// <summary>How the source writes what the assembler has no method for.</summary>
    private const string AnyInstruction = ".AddInstruction(";

    /// <summary>Jumps that read better by another name of the same instruction (Intel SDM vol. 2A, Jcc).</summary>
    private static readonly Dictionary<string, string> _otherNames = new()
    {
        [nameof(Mnemonic.Jb)] = "jc",
        [nameof(Mnemonic.Jae)] = "jnc",
        [nameof(Mnemonic.Je)] = "jz",
        [nameof(Mnemonic.Jne)] = "jnz",
    };

    /// <param name="routines">The stubs of an image.</param>
    /// <param name="lineOf">The line of source that an address belongs to, or null.</param>
    /// <param name="textOf">What stands in the line, or null if there is no such file or line.</param>
    public static IReadOnlyList<Finding> Run(
        IEnumerable<Routine> routines,
        IReadOnlyDictionary<ulong, SourcePlace> lineOf,
        Func<SourcePlace, string?> textOf
    ) =>
        [
            .. from routine in routines
            from instruction in routine.Instructions
            let mistake = Mistake(instruction, lineOf, textOf)
            where mistake is not null
            select routine.Finding(instruction, mistake),
        ];

    private static string? Mistake(
        Instruction instruction,
        IReadOnlyDictionary<ulong, SourcePlace> lineOf,
        Func<SourcePlace, string?> textOf
    )
    {
        if (!lineOf.TryGetValue(instruction.IP, out SourcePlace? place))
        {
            return "no line of source";
        }
        if (textOf(place) is not { } text)
        {
            return $"no such line: {place}";
        }
        return Writes(text, instruction.Mnemonic.ToString()) ? null : $"another line of source: {place}";
    }

    private static bool Writes(string text, string mnemonic) =>
        Calls(text, mnemonic)
        || _otherNames.TryGetValue(mnemonic, out string? other) && Calls(text, other)
        || text.Contains(AnyInstruction, StringComparison.Ordinal);

    private static bool Calls(string text, string method) =>
        text.Contains($".{method}(", StringComparison.OrdinalIgnoreCase)
        || text.Contains($".@{method}(", StringComparison.OrdinalIgnoreCase);
}
