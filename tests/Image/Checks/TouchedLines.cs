using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// The cache lines of code that a path from an address to a return touches, the most of all paths. What is excluded is
/// where a fastpath declines. The code must have no loops.
/// </summary>
internal sealed class TouchedLines(MachineCode code, Mnemonic end, IReadOnlySet<string> notThrough)
{
    private const int LineBytes = 64;

    private int _most;

    /// <exception cref="InvalidDataException">No path leads to the end.</exception>
    public int From(string routine)
    {
        _most = 0;
        Follow(code[routine].Start, [], []);
        return _most > 0 ? _most : throw new InvalidDataException($"no path leads from {routine} to {end}");
    }

    private void Follow(ulong address, ImmutableHashSet<ulong> lines, ImmutableStack<ulong> returns)
    {
        while (code.TryGetAt(address, out Routine routine, out Instruction instruction))
        {
            if (notThrough.Contains(routine.Name))
            {
                return;
            }
            lines = lines.Add(instruction.IP / LineBytes).Add((instruction.NextIP - 1) / LineBytes);
            if (instruction.Mnemonic == end)
            {
                _most = Math.Max(_most, lines.Count);
                return;
            }
            if (ControlFlow.IsDirectCall(instruction))
            {
                returns = returns.Push(instruction.NextIP);
                address = instruction.NearBranchTarget;
                continue;
            }
            if (instruction.Mnemonic == Mnemonic.Ret && !returns.IsEmpty)
            {
                returns = returns.Pop(out address);
                continue;
            }
            ulong[] next = ControlFlow.Successors(routine, instruction).ToArray();
            foreach (ulong other in next.Skip(1))
            {
                Follow(other, lines, returns);
            }
            if (next.Length == 0)
            {
                return;
            }
            address = next[0];
        }
    }
}
