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

    /// <summary>Features that lack, of FeatureList, bit by index; 0: none.</summary>
    public ulong Features;

    /// <summary>How many things it is about, this one among them.</summary>
    public int Things;
}

/// <summary>
/// All warnings of one start, in the order of discovery. Those of one kind that say how much are one, with the sum; of
/// others the first are kept, and the rest counted by the last of them: no kind hides another. What is beyond the
/// capacity is only counted.
/// </summary>
public struct WarningList
{
    public const int Capacity = 64;

    /// <summary>That are kept of one source and reason.</summary>
    public const int OfOneKind = 8;

    private int _kept;
    private Items _items;

    /// <summary>Lines that tell of them: those that are kept, and one for all the rest.</summary>
    public readonly int Count => _kept + (Untold != 0 ? 1 : 0);

    /// <summary>Those of whose kind there is no line.</summary>
    public int Untold { get; private set; }

    [UnscopedRef]
    public ReadOnlySpan<Warning> Kept => ((Span<Warning>)_items).Slice(0, _kept);

    public void Add(
        WarningSource source,
        WarningReason reason,
        ulong detail = 0,
        ulong missing = 0,
        int things = 1,
        ulong features = 0
    )
    {
        var warning = new Warning
        {
            Source = source,
            Reason = reason,
            Detail = detail,
            Missing = missing,
            Features = features,
            Things = things,
        };
        if (TryJoin(warning))
        {
            return;
        }
        if (_kept == Capacity)
        {
            Untold++;
            return;
        }
        Span<Warning> items = _items;
        items[_kept++] = warning;
    }

    /// <returns>False: it is to have a line of its own.</returns>
    private bool TryJoin(Warning warning)
    {
        Span<Warning> items = _items;
        int last = 0;
        int alike = 0;
        for (int i = 0; i < _kept; i++)
        {
            if (items[i].Source != warning.Source || items[i].Reason != warning.Reason)
            {
                continue;
            }
            last = i;
            alike++;
        }
        bool isSum = WarningText.IsSum(warning.Reason);
        bool joins = alike != 0 && (isSum || alike == OfOneKind || _kept == Capacity);
        if (joins)
        {
            items[last].Things += warning.Things;
            items[last].Detail += isSum ? warning.Detail : 0;
        }
        return joins;
    }

    [InlineArray(Capacity)]
    private struct Items
    {
        private Warning _item;
    }
}
