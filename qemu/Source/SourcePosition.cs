using System;

namespace Skerry.Qemu.Source;

/// <summary>A place in a text file: line and column, both from 1; a column is a UTF-16 unit, as editors count.</summary>
public readonly record struct SourcePosition(int Line, int Column) : IComparable<SourcePosition>
{
    /// <returns>Negative if this place comes before the other, positive if behind it.</returns>
    public int CompareTo(SourcePosition other) => (Line, Column).CompareTo((other.Line, other.Column));
}
