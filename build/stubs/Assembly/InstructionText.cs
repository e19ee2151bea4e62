using System;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text.RegularExpressions;
using Iced.Intel;

namespace Skerry.Stubs.Assembly;

/// <summary>
/// An instruction as text for whoever reads the assembler file: symbols, labels, fields and constants by their names. A
/// name of the source is shown only if it has the value that the instruction has.
/// </summary>
/// <param name="symbol">The symbol that a number in the code stands for.</param>
/// <param name="label">The label of the function that the target of a branch stands for.</param>
internal sealed partial class InstructionText(Func<ulong, string?> symbol, Func<ulong, string?> label) : ISymbolResolver
{
    /// <summary>What a displacement from the GS base names in the kernel.</summary>
    private const string CpuFields = "CpuLayout";

    private const BindingFlags AnyConstant = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static;

    private SourceLine _source;

    public string Format(Instruction instruction, SourceLine source)
    {
        _source = source;
        var formatter = new IntelFormatter(this);
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = "";
        formatter.Options.UppercaseHex = false;
        formatter.Options.SpaceAfterOperandSeparator = true;
        formatter.Options.SpaceBetweenMemoryAddOperators = true;
        formatter.Options.BranchLeadingZeros = false;
        formatter.Options.ShowBranchSize = false;
        if (instruction.MemoryBase != Register.None && instruction.MemoryDisplSize == 0)
        {
            // So that the field at offset 0 is shown too, if the source names one.
            instruction.MemoryDisplSize = FieldName(instruction, 0) is null ? 0 : 8;
        }
        var output = new StringOutput();
        formatter.Format(instruction, output);
        return output.ToString();
    }

    public bool TryGetSymbol(
        in Instruction instruction,
        int operand,
        int instructionOperand,
        ulong address,
        int addressSize,
        out SymbolResult result
    )
    {
        OpKind kind = instructionOperand < 0 ? default : instruction.GetOpKind(instructionOperand);
        string? name =
            symbol(address)
            ?? kind switch
            {
                OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64 => label(address),
                OpKind.Memory => FieldName(instruction, (long)address),
                _ => ConstantName((long)address),
            };
        result = name is null ? default : new SymbolResult(address, name);
        return name is not null;
    }

    /// <summary>The field at the displacement, as Thread.Rsp.</summary>
    private string? FieldName(in Instruction instruction, long displacement)
    {
        foreach (Match match in LayoutName().Matches(_source.Operands))
        {
            if (Value(match.Groups[1].Value, match.Groups[2].Value) == displacement)
            {
                return Shown(match.Groups[1].Value, match.Groups[2].Value);
            }
        }
        return instruction.MemorySegment == Register.GS ? FieldOfCpu(displacement) : null;
    }

    /// <summary>Where a group of fields begins, the name of the field comes after that of the group.</summary>
    private static string? FieldOfCpu(long displacement)
    {
        FieldInfo? field = Array.FindLast(
            TypeOf(CpuFields)!.GetFields(BindingFlags.Public | BindingFlags.Static),
            field => field.GetRawConstantValue() is int offset && offset == displacement
        );
        return field is null ? null : Shown(CpuFields, field.Name);
    }

    /// <summary>The constant with this value, as SystemCall.Signal, or UserRflags if it is the writing class's own.</summary>
    private string? ConstantName(long value)
    {
        foreach (Match match in ConstantNames().Matches(_source.Operands))
        {
            string type = match.Groups[1].Success
                ? match.Groups[1].Value
                : Path.GetFileNameWithoutExtension(_source.File);
            if (Value(type, match.Groups[2].Value) == value)
            {
                return match.Value;
            }
        }
        return null;
    }

    private static string Shown(string type, string field) => type[..^"Layout".Length] + "." + field;

    private static long? Value(string type, string field) =>
        TypeOf(type)?.GetField(field, AnyConstant) is { IsLiteral: true } constant
            ? constant.GetRawConstantValue() is ulong word
                ? (long)word
                : Convert.ToInt64(constant.GetRawConstantValue(), CultureInfo.InvariantCulture)
            : null;

    private static Type? TypeOf(string name) =>
        Array.Find(typeof(InstructionText).Assembly.GetTypes(), type => type.Name == name);

    [GeneratedRegex(@"\b(\w+Layout)\.(\w+)")]
    private static partial Regex LayoutName();

    [GeneratedRegex(@"\b(?:([A-Z]\w*)\.)?([A-Z]\w*)")]
    private static partial Regex ConstantNames();
}
