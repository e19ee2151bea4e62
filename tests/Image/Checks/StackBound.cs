using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>The most stack that a function and all it calls can use, found over the graph of direct calls.</summary>
/// <param name="code">The image.</param>
/// <param name="notFollowed">Functions whose use is counted apart: a call of them costs the return address.</param>
internal sealed class StackBound(MachineCode code, IReadOnlySet<string> notFollowed)
{
    private readonly Dictionary<ulong, int> _bounds = [];
    private readonly List<Routine> _path = [];
    private readonly List<Finding> _findings = [];

    /// <summary>Recursion, and calls that cannot be followed, met on the way.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>In bytes, from the stack pointer at the entry of the function.</summary>
    public int Of(string routine) => Follow(code[routine]);

    private int OfCallee(ulong address)
    {
        if (code.StartingAt(address) is not { } routine)
        {
            _findings.Add(new Finding("call", address, "leads to where no function begins"));
            return 0;
        }
        if (notFollowed.Contains(routine.Name))
        {
            return 0;
        }
        int first = _path.IndexOf(routine);
        if (first >= 0)
        {
            string cycle = string.Join(" -> ", _path.Skip(first).Select(caller => caller.Name));
            _findings.Add(new Finding(routine.Name, address, $"calls itself: {cycle}"));
            return 0;
        }
        return Follow(routine);
    }

    private int Follow(Routine routine)
    {
        if (_bounds.TryGetValue(routine.Start, out int known))
        {
            return known;
        }
        _path.Add(routine);
        StackUse use = StackWalk.Of(routine);
        _findings.AddRange(use.Findings);
        int bound = use.Depth;
        foreach ((ulong target, int depth) in use.Calls)
        {
            bound = Math.Max(bound, depth + OfCallee(target));
        }
        _path.RemoveAt(_path.Count - 1);
        return _bounds[routine.Start] = bound;
    }
}
