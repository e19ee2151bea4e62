using System;
using System.Collections.Generic;
using System.IO;
using Iced.Intel;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// The most instructions from an address to a return, counting those of functions that are called. The code must have no
/// loops.
/// </summary>
internal sealed class LongestPath(MachineCode code, Mnemonic end, IReadOnlySet<string> notThrough)
{
    /// <summary>A path that leads elsewhere and so does not count.</summary>
    private const int Elsewhere = int.MinValue / 2;

    private readonly Dictionary<(ulong, Mnemonic), int> _lengths = [];
    private readonly HashSet<(ulong, Mnemonic)> _open = [];

    /// <summary>From the first instruction of a function to the end, both counted.</summary>
    /// <exception cref="InvalidDataException">There is a loop, or no path leads to the end.</exception>
    public int From(string routine)
    {
        int length = From(code[routine].Start, end);
        return length > 0 ? length : throw new InvalidDataException($"no path leads from {routine} to {end}");
    }

    private int From(ulong address, Mnemonic until)
    {
        if (_lengths.TryGetValue((address, until), out int known))
        {
            return known;
        }
        if (!code.TryGetAt(address, out Routine routine, out Instruction instruction))
        {
            throw new InvalidDataException($"no instruction begins at {address:x}");
        }
        if (!_open.Add((address, until)))
        {
            throw new InvalidDataException($"loop through {routine.Name} at {address:x}");
        }
        int length = notThrough.Contains(routine.Name) ? Elsewhere : From(routine, instruction, until);
        _open.Remove((address, until));
        return _lengths[(address, until)] = length;
    }

    private int From(Routine routine, Instruction instruction, Mnemonic until)
    {
        if (instruction.Mnemonic == until)
        {
            return 1;
        }
        bool calls = ControlFlow.IsDirectCall(instruction) && !ControlFlow.IsStuffing(routine, instruction);
        int called = calls ? From(instruction.NearBranchTarget, Mnemonic.Ret) : 0;
        int rest = Elsewhere;
        foreach (ulong next in ControlFlow.Successors(routine, instruction))
        {
            rest = Math.Max(rest, From(next, until));
        }
        return Math.Max(Elsewhere, 1 + called + rest);
    }
}
