using System.Collections.Generic;
using Iced.Intel;

namespace Skerry.Tests.Image.Code;

/// <summary>A function of an image, decoded.</summary>
/// <param name="Names">Its symbols, the shortest first: that is the one it is exported by.</param>
/// <param name="Start">Address of its first byte.</param>
/// <param name="End">Address behind its last byte.</param>
/// <param name="Instructions">In ascending order of address.</param>
internal sealed record Routine(
    IReadOnlyList<string> Names,
    ulong Start,
    ulong End,
    IReadOnlyList<Instruction> Instructions
)
{
    public string Name => Names[0];

    public bool Contains(ulong address) => address >= Start && address < End;

    public Finding Finding(Instruction instruction, string reason) =>
        new(Name, instruction.IP, $"{reason}: {instruction}");
}
