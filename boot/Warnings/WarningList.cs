using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Skerry.Boot.Warnings;

/// <summary>One thing that is not as it should be, and that bootstrap got along without.</summary>
public struct Warning
{
    public WarningSource Source;
    public WarningReason Reason;
    public ulong Detail;

    /// <summary>Bytes that lack; 0: none.</summary>
    public ulong Missing;
}

/// <summary>All warnings of one start, in the order of discovery. What is beyond its capacity is only counted.</summary>
public struct WarningList
{
    public const int Capacity = 64;

    private int _count;
    private Items _items;

    /// <summary>All that were given, kept or not.</summary>
    public readonly int Count => _count;

    [UnscopedRef]
    public ReadOnlySpan<Warning> Kept => ((Span<Warning>)_items).Slice(0, _count < Capacity ? _count : Capacity);

    public void Add(WarningSource source, WarningReason reason, ulong detail = 0, ulong missing = 0)
    {
        if (_count < Capacity)
        {
            Span<Warning> items = _items;
            items[_count] = new Warning
            {
                Source = source,
                Reason = reason,
                Detail = detail,
                Missing = missing,
            };
        }
        _count++;
    }

    [InlineArray(Capacity)]
    private struct Items
    {
        private Warning _item;
    }
}
