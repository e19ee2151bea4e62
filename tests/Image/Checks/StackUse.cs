using System.Collections.Generic;

namespace Skerry.Tests.Image.Checks;

/// <summary>What a function does with the stack.</summary>
/// <param name="Depth">The most bytes below the stack pointer at its entry.</param>
/// <param name="Calls">What it calls or jumps to, and how deep the callee's entry is then.</param>
/// <param name="Findings">Accesses below the stack pointer, and what cannot be followed.</param>
internal sealed record StackUse(
    int Depth,
    IReadOnlyList<(ulong Target, int Depth)> Calls,
    IReadOnlyList<Finding> Findings
);
