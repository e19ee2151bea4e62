using System;
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

    private readonly StringBuilder _text = new("# Written by Skerry.Stubs.\n");

    public void Section(string name, string flags, string type = Contents, int alignment = 16) =>
        _text.Append(CultureInfo.InvariantCulture, $".section {name},\"{flags}\",{type}\n.balign {alignment}\n");

    public void Global(string symbol) => _text.Append(CultureInfo.InvariantCulture, $".globl {symbol}\n{symbol}:\n");

    public void Function(string symbol, StubCode code)
    {
        Global(symbol);
        _text.Append(CultureInfo.InvariantCulture, $".type {symbol},@function\n");
        code.WriteTo(_text);
        _text.Append(CultureInfo.InvariantCulture, $".size {symbol}, .-{symbol}\n");
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
