using System;
using System.Collections.Generic;
using System.IO;
using Iced.Intel;

namespace Skerry.Tests.Image.Code;

/// <summary>Assembles a few functions as if they were an image: what the negative tests run the checks on.</summary>
internal sealed class CodeBuilder
{
    private const ulong Base = 0xffff_ffff_8000_0000;

    private readonly Assembler _assembler = new(64);
    private readonly Dictionary<string, Label> _labels = [];
    private readonly List<string> _order = [];

    /// <summary>A function whose body may refer to others, and to itself.</summary>
    public CodeBuilder Routine(string name, Action<Assembler, Func<string, Label>> body)
    {
        Label label = Target(name);
        _assembler.Label(ref label);
        _labels[name] = label;
        _order.Add(name);
        body(_assembler, Target);
        return this;
    }

    public CodeBuilder Routine(string name, Action<Assembler> body) => Routine(name, (assembler, _) => body(assembler));

    public MachineCode Build()
    {
        using var stream = new MemoryStream();
        AssemblerResult result = _assembler.Assemble(
            new StreamCodeWriter(stream),
            Base,
            BlockEncoderOptions.ReturnNewInstructionOffsets
        );
        byte[] bytes = stream.ToArray();
        var routines = new List<Routine>();
        for (int index = 0; index < _order.Count; index++)
        {
            ulong start = AddressOf(result, index);
            ulong end = index + 1 < _order.Count ? AddressOf(result, index + 1) : Base + (ulong)bytes.Length;
            routines.Add(new Routine([_order[index]], start, end, Decode(bytes, start, end)));
        }
        return new MachineCode(routines);
    }

    private static List<Instruction> Decode(byte[] bytes, ulong start, ulong end)
    {
        var reader = new ByteArrayCodeReader(bytes, (int)(start - Base), (int)(end - start));
        var decoder = Decoder.Create(64, reader, start);
        var instructions = new List<Instruction>();
        while (decoder.IP < end)
        {
            instructions.Add(decoder.Decode());
        }
        return instructions;
    }

    private Label Target(string name)
    {
        if (!_labels.TryGetValue(name, out Label label))
        {
            label = _assembler.CreateLabel(name);
            _labels.Add(name, label);
        }
        return label;
    }

    private ulong AddressOf(AssemblerResult result, int index) => result.GetLabelRIP(_labels[_order[index]]);
}
