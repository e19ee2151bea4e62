using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Skerry.Stubs.Assembly;

/// <summary>
/// An assembler file in the making. The instructions come from Iced as bytes; `as` only places them, names them and
/// leaves the references to other symbols to the linker.
/// </summary>
internal sealed class StubFile
{
    // Types of sections.
    public const string Contents = "@progbits";
    public const string Notes = "@note";
    public const string Empty = "@nobits";

    private const int TextColumn = 52;

    /// <summary>In the order of their numbers, which begin with 1.</summary>
    private readonly List<string> _files = [];

    /// <summary>Bytes are no instructions to `as`: it notes where a line begins at a label, and only if told to.</summary>
    private readonly StringBuilder _text = new(
        "# Written by Skerry.Stubs.\n.loc_mark_labels 1\n.cfi_sections .debug_frame\n"
    );

    public void Section(string name, string flags, string type = Contents, int alignment = 16) =>
        _text.Append(CultureInfo.InvariantCulture, $".section {name},\"{flags}\",{type}\n.balign {alignment}\n");

    public void Global(string symbol) => _text.Append(CultureInfo.InvariantCulture, $".globl {symbol}\n{symbol}:\n");

    /// <summary>What C# or another stub calls.</summary>
    public void Function(string symbol, StubCode code) => Door(symbol, code, StubFrame.Called);

    /// <summary>What the processor comes to, or a jump.</summary>
    public void Door(string symbol, StubCode code, StubFrame start)
    {
        var frames = new CallFrames(code, start);
        int index = 0;
        _text.Append(CultureInfo.InvariantCulture, $"\n.globl {symbol}\n.type {symbol},@function\n");
        SourceLine last = default;
        bool isFirst = true;
        foreach (EncodedInstruction instruction in code.Encode())
        {
            // A label that is marked ends what the last line has; so the function's own name stands behind the first one.
            bool isNewLine = isFirst || (instruction.Source.File, instruction.Source.Line) != (last.File, last.Line);
            if (isNewLine)
            {
                Place(instruction.Source, isNewFile: instruction.Source.File != last.File);
            }
            if (isFirst)
            {
                _text.Append(CultureInfo.InvariantCulture, $"{symbol}:\n{frames.Begin}");
            }
            _text.Append(frames.Before(index++));
            if (instruction.Label is { } label)
            {
                _text.Append(CultureInfo.InvariantCulture, $"# {label}:\n");
            }
            _text.Append(isNewLine && !isFirst ? "0:\t" : "\t");
            Instruction(instruction);
            last = instruction.Source;
            isFirst = false;
        }
        _text.Append(CallFrames.End);
        _text.Append(CultureInfo.InvariantCulture, $".size {symbol}, .-{symbol}\n");
    }

    /// <summary>What follows comes from this line.</summary>
    private void Place(SourceLine source, bool isNewFile)
    {
        int number = _files.IndexOf(source.File) + 1;
        if (number == 0)
        {
            _files.Add(source.File);
            number = _files.Count;
            _text.Append(CultureInfo.InvariantCulture, $".file {number} \"{source.File}\"\n");
        }
        if (isNewFile)
        {
            _text.Append(CultureInfo.InvariantCulture, $"# {source.File[(source.File.IndexOf('/', 1) + 1)..]}\n");
        }
        _text.Append(CultureInfo.InvariantCulture, $"\t.loc {number} {source.Line}\n");
    }

    private void Instruction(EncodedInstruction instruction)
    {
        int start = _text.Length;
        string separator = ".byte ";
        for (int i = 0; i < instruction.Bytes.Length; i++)
        {
            if (i == instruction.ReferenceAt)
            {
                _text.Append(separator.Length > 1 ? "" : "; ");
                _text.Append(CultureInfo.InvariantCulture, $".long {instruction.Reference}");
                i += 3;
                separator = "; .byte ";
                continue;
            }
            _text.Append(separator).Append(CultureInfo.InvariantCulture, $"0x{instruction.Bytes[i]:x2}");
            separator = ",";
        }
        _text.Append(' ', Math.Max(1, TextColumn - (_text.Length - start)));
        _text.Append(CultureInfo.InvariantCulture, $"# {instruction.Text}\n");
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _text.Append(CultureInfo.InvariantCulture, $".byte {value}\n");
        }
    }

    public void Quad(string expression) => _text.Append(CultureInfo.InvariantCulture, $".quad {expression}\n");

    public void Long(string expression) => _text.Append(CultureInfo.InvariantCulture, $".long {expression}\n");

    /// <summary>A directive of the assembler, as it stands.</summary>
    public void Line(string directive) => _text.Append(directive).Append('\n');

    public void Skip(int bytes) => _text.Append(CultureInfo.InvariantCulture, $".skip {bytes}\n");

    public void Align(int alignment) => _text.Append(CultureInfo.InvariantCulture, $".balign {alignment}\n");

    public override string ToString() => _text.ToString() + ".section .note.GNU-stack,\"\",@progbits\n";
}
