using System;
using System.Collections.Generic;
using System.IO;
using Iced.Intel;

namespace Skerry.Stubs.Assembly;

/// <summary>
/// One stub: an Iced assembler whose instructions may name symbols that the linker knows. A symbol stands in the code
/// as a number that nothing else uses, and is found again in the encoded bytes by Iced's account of where each
/// instruction keeps its constants.
/// </summary>
internal sealed class StubCode(int bitness = 64)
{
    private const uint FirstToken = 0x5E_0000;

    private readonly List<string> _symbols = [];

    public SourceAssembler Assembler { get; } = new(bitness);

    /// <summary>Target of a call or jump to a symbol: <c>code.Assembler.call(code.Target("name"))</c>.</summary>
    public ulong Target(string symbol) => Token(symbol);

    /// <summary>
    /// A memory operand at the symbol: <c>a.lea(rax, code.At("name"))</c>. Iced's assembler has no rip-relative operand
    /// without a label of its own, so it is written as an absolute one and made relative before it is encoded.
    /// </summary>
    public AssemblerMemoryOperand At(string symbol) => AssemblerRegisters.__[(long)Token(symbol)];

    /// <summary>The symbol's address as a 32-bit number, for code that runs where it was linked, below 2 GiB.</summary>
    public uint Absolute(string symbol) => Token(symbol);

    private uint Token(string symbol)
    {
        int index = _symbols.IndexOf(symbol);
        if (index < 0)
        {
            index = _symbols.Count;
            _symbols.Add(symbol);
        }
        return FirstToken + (uint)index * 0x10;
    }

    public IReadOnlyList<EncodedInstruction> Encode()
    {
        using var stream = new MemoryStream();
        List<Instruction> instructions = [.. Assembler.Instructions];
        for (int i = 0; i < instructions.Count; i++)
        {
            instructions[i] = MadeRelative(instructions[i]);
        }
        if (
            !BlockEncoder.TryEncode(
                Assembler.Bitness,
                new InstructionBlock(new StreamCodeWriter(stream), instructions, 0),
                out string? error,
                out BlockEncoderResult encoded,
                BlockEncoderOptions.ReturnConstantOffsets | BlockEncoderOptions.ReturnNewInstructionOffsets
            )
        )
        {
            throw new InvalidOperationException(error);
        }
        if (Assembler.Lines.Count != instructions.Count)
        {
            throw new InvalidOperationException("an instruction was not written by SourceAssembler: it has no line");
        }
        byte[] bytes = stream.ToArray();
        string?[] labels = UniqueLabels(instructions.Count);
        var text = new InstructionText(Symbol, id => LabelOf(id, instructions, labels));
        var result = new List<EncodedInstruction>();
        for (int i = 0; i < instructions.Count; i++)
        {
            int start = (int)encoded.NewInstructionOffsets[i];
            int end = i + 1 < instructions.Count ? (int)encoded.NewInstructionOffsets[i + 1] : bytes.Length;
            byte[] own = bytes[start..end];
            (int position, string expression) = FindReference(own, encoded.ConstantOffsets[i], instructions[i]);
            SourceLine source = Assembler.Lines[i];
            string shown = text.Format(instructions[i], source);
            result.Add(new EncodedInstruction(own, position, expression, labels[i], shown, source));
        }
        return result;
    }

    /// <summary>A part that is written twice has its labels twice: the later ones get numbers.</summary>
    private string?[] UniqueLabels(int count)
    {
        var labels = new string?[count];
        var uses = new Dictionary<string, int>();
        for (int i = 0; i < count; i++)
        {
            if (Assembler.LabelAt(i) is { } name)
            {
                uses[name] = uses.GetValueOrDefault(name) + 1;
                labels[i] = uses[name] == 1 ? name : $"{name}{uses[name]}";
            }
        }
        return labels;
    }

    /// <summary>Iced keeps a label as the address of the instruction behind it.</summary>
    private static string? LabelOf(ulong id, List<Instruction> instructions, string?[] labels)
    {
        int index = instructions.FindIndex(instruction => instruction.IP == id);
        return index < 0 ? null : labels[index];
    }

    private Instruction MadeRelative(Instruction instruction)
    {
        bool isAbsolute = instruction.MemoryBase == Register.None && instruction.MemoryIndex == Register.None;
        if (
            Assembler.Bitness == 64
            && isAbsolute
            && Symbol(instruction.MemoryDisplacement64) is not null
            && HasMemory(instruction)
        )
        {
            instruction.MemoryBase = Register.RIP;
            instruction.MemoryDisplSize = 8;
        }
        return instruction;
    }

    private static bool HasMemory(Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            if (instruction.GetOpKind(i) == OpKind.Memory)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Where the instruction refers to a symbol, and how; -1 if it does not.</summary>
    private (int Position, string Expression) FindReference(
        byte[] bytes,
        ConstantOffsets offsets,
        Instruction instruction
    )
    {
        if (instruction.IsJmpShortOrNear || instruction.IsCallNear || instruction.IsJccShortOrNear)
        {
            return Symbol(instruction.NearBranchTarget) is { } target
                ? (offsets.ImmediateOffset, $"{target} - (. + {bytes.Length - offsets.ImmediateOffset})")
                : (-1, "");
        }
        if (offsets.HasDisplacement && offsets.DisplacementSize == 4)
        {
            ulong value = instruction.IsIPRelativeMemoryOperand
                ? instruction.IPRelativeMemoryAddress
                : BitConverter.ToUInt32(bytes, offsets.DisplacementOffset);
            if (Symbol(value) is { } memory)
            {
                string expression = instruction.IsIPRelativeMemoryOperand
                    ? $"{memory} - (. + {bytes.Length - offsets.DisplacementOffset})"
                    : memory;
                return (offsets.DisplacementOffset, expression);
            }
        }
        if (offsets.HasImmediate && offsets.ImmediateSize == 4)
        {
            uint value = BitConverter.ToUInt32(bytes, offsets.ImmediateOffset);
            if (Symbol(value) is { } immediate)
            {
                return (offsets.ImmediateOffset, immediate);
            }
        }
        return (-1, "");
    }

    private string? Symbol(ulong value)
    {
        ulong index = value - FirstToken;
        return value >= FirstToken && index % 0x10 == 0 && index / 0x10 < (ulong)_symbols.Count
            ? _symbols[(int)(index / 0x10)]
            : null;
    }
}
