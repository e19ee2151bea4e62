using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Elf;

namespace Skerry.Tests.Image.Code;

/// <summary>All functions of an image.</summary>
internal sealed class MachineCode
{
    private readonly Dictionary<string, Routine> _byName = [];
    private readonly Dictionary<ulong, (Routine Routine, Instruction Instruction)> _byAddress = [];

    public MachineCode(IEnumerable<Routine> routines)
    {
        Routines = routines.OrderBy(routine => routine.Start).ToArray();
        foreach (Routine routine in Routines)
        {
            foreach (string name in routine.Names)
            {
                _byName.TryAdd(name, routine);
            }
            foreach (Instruction instruction in routine.Instructions)
            {
                _byAddress.TryAdd(instruction.IP, (routine, instruction));
            }
        }
    }

    /// <summary>In ascending order of address.</summary>
    public IReadOnlyList<Routine> Routines { get; }

    public Routine this[string name] =>
        _byName.TryGetValue(name, out Routine? routine)
            ? routine
            : throw new KeyNotFoundException($"the image has no function {name}");

    /// <returns>Whether an instruction begins at the address.</returns>
    public bool TryGetAt(ulong address, out Routine routine, out Instruction instruction)
    {
        bool found = _byAddress.TryGetValue(address, out (Routine Routine, Instruction Instruction) at);
        (routine, instruction) = at;
        return found;
    }

    /// <returns>The routine that begins at the address, or null.</returns>
    public Routine? StartingAt(ulong address) =>
        TryGetAt(address, out Routine routine, out _) && routine.Start == address ? routine : null;

    /// <param name="elf">The image.</param>
    /// <param name="bitness">How many bits the code of a function has; most have 64.</param>
    public static MachineCode Decode(ElfFile elf, Func<string, int> bitness)
    {
        var routines = new List<Routine>();
        foreach (ElfSegment segment in elf.Segments.Where(segment => segment.Flags.HasFlag(ElfSegmentFlags.Execute)))
        {
            byte[] content = elf.ContentOf(segment);
            ElfSymbol[] symbols = elf
                .Symbols.Where(symbol => symbol.IsFunction && symbol.Address - segment.Address < segment.FileSize)
                .ToArray();
            foreach (IGrouping<ulong, ElfSymbol> aliases in symbols.GroupBy(symbol => symbol.Address))
            {
                string[] names = aliases.Select(symbol => symbol.Name).OrderBy(name => name.Length).ToArray();
                int offset = (int)(aliases.Key - segment.Address);
                int length = (int)aliases.Max(symbol => symbol.Size);
                routines.Add(Decode(names, content, offset, length, aliases.Key, bitness(names[0])));
            }
        }
        return new MachineCode(routines);
    }

    private static Routine Decode(string[] names, byte[] bytes, int offset, int length, ulong address, int bitness)
    {
        var decoder = Decoder.Create(bitness, new ByteArrayCodeReader(bytes, offset, length), address);
        ulong end = address + (ulong)length;
        var instructions = new List<Instruction>();
        while (decoder.IP < end)
        {
            instructions.Add(decoder.Decode());
        }
        return new Routine(names, address, end, instructions);
    }
}
