using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A page that is mapped; its size is the level that it stands at.</summary>
internal readonly record struct Leaf(ulong Physical, uint Attributes);

internal sealed class ModelFrame(uint slot, ulong physical, uint pages, FrameRights rights)
{
    public uint Slot { get; set; } = slot;
    public ulong Physical { get; } = physical;
    public uint Pages { get; } = pages;
    public FrameRights Rights { get; } = rights;

    /// <summary>Address of page 0; null: mapped nowhere.</summary>
    public ulong? Window { get; set; }
}

internal sealed class ModelTable(uint slot)
{
    public uint Slot { get; } = slot;

    /// <summary>0: mapped nowhere.</summary>
    public int Level { get; set; }

    /// <summary>Which of the regions that such a table spans.</summary>
    public ulong Number { get; set; }

    /// <summary>False when a table above it has gone.</summary>
    public bool IsLinked { get; set; }
}

/// <summary>What a step should come to.</summary>
internal sealed partial class PageSizeModel
{
    /// <summary>What the address space shows, by level, and number of the page at that level.</summary>
    private readonly Dictionary<(int Level, ulong Number), Leaf> _leaves = [];

    private static ulong NumberAt(ulong address, int level) => address >> (12 + 9 * (level - 1));

    private bool HasTable(int level, ulong address) =>
        _tables.Any(table => table.IsLinked && table.Level == level && table.Number == NumberAt(address, level + 1));

    /// <summary>Down to the entry at a level.</summary>
    private Status Reach(ulong address, int level, out ulong missing)
    {
        missing = 1;
        for (int above = 3; above >= level; above--)
        {
            if (_leaves.ContainsKey((above + 1, NumberAt(address, above + 1))))
            {
                return Status.AlreadyMapped;
            }
            if (!HasTable(above, address))
            {
                missing = (ulong)above;
                return Status.MissingPageTable;
            }
        }
        return Status.Ok;
    }

    private Status ExpectedOfMap(
        ModelFrame frame,
        PageAttributes attributes,
        ulong address,
        ulong offset,
        uint pages,
        ulong count,
        out ulong detail
    )
    {
        ulong bytes = PageSizes.BytesOf(attributes.Size);
        ulong frameBytes = frame.Pages * UserLayout.PageSize;
        detail = 0;
        if ((attributes.Rights & frame.Rights & FrameRights.Read) == 0)
        {
            return Status.MissingRight;
        }
        detail = 1;
        if (address % bytes != 0)
        {
            return Status.Misaligned;
        }
        detail = 2;
        if ((frame.Physical + offset) % bytes != 0)
        {
            return Status.Misaligned;
        }
        if (offset >= frameBytes)
        {
            return Status.InvalidArgument;
        }
        detail = 3;
        if (pages * bytes > frameBytes - offset)
        {
            return Status.InvalidArgument;
        }
        detail = 1;
        if (frame.Window is ulong window && window != address - offset)
        {
            return Status.AlreadyMapped;
        }
        int level = (int)attributes.Size + 1;
        Status status = Reach(address, level, out detail);
        if (status != Status.Ok)
        {
            return status;
        }
        bool isFree = true;
        for (ulong i = 0; i < count; i++)
        {
            bool isOwn =
                !_leaves.TryGetValue((level, NumberAt(address, level) + i), out Leaf there)
                || there.Physical == frame.Physical + offset + i * bytes;
            isFree &= isOwn && (level == 1 || !HasTable(level - 1, address + i * bytes));
        }
        detail = isFree ? count : 1;
        return isFree ? Status.Ok : Status.AlreadyMapped;
    }

    private Status ExpectedOfTable(ModelTable table, int level, ulong address, out ulong missing)
    {
        missing = 0;
        if (table.Level != 0)
        {
            return Status.AlreadyMapped;
        }
        Status status = Reach(address, level + 1, out missing);
        bool isTaken = HasTable(level, address) || _leaves.ContainsKey((level + 1, NumberAt(address, level + 1)));
        return status == Status.Ok && isTaken ? Status.AlreadyMapped : status;
    }

    /// <summary>All pages that lie in the window with both ends and show the frame's own memory there.</summary>
    private void Forget(ModelFrame frame)
    {
        if (frame.Window is not ulong window)
        {
            return;
        }
        foreach (((int level, ulong number), Leaf leaf) in _leaves.ToArray())
        {
            ulong bytes = UserLayout.PageSize << (9 * (level - 1));
            ulong start = number * bytes;
            bool isInside = start >= window && start + bytes <= window + frame.Pages * UserLayout.PageSize;
            if (isInside && leaf.Physical == frame.Physical + (start - window))
            {
                _leaves.Remove((level, number));
            }
        }
        frame.Window = null;
    }

    /// <summary>Pages below are gone for good; tables below still think they are mapped.</summary>
    private void ForgetBelow(ModelTable gone)
    {
        foreach ((int level, ulong number) in _leaves.Keys.ToArray())
        {
            if (level <= gone.Level && number >> (9 * (gone.Level + 1 - level)) == gone.Number)
            {
                _leaves.Remove((level, number));
            }
        }
        foreach (ModelTable table in _tables.Where(table => table.IsLinked && table.Level < gone.Level))
        {
            table.IsLinked = table.Number >> (9 * (gone.Level - table.Level)) != gone.Number;
        }
    }

    private Leaf? LeafAt(ulong address, out ulong within)
    {
        for (int level = 1; level <= 3; level++)
        {
            if (_leaves.TryGetValue((level, NumberAt(address, level)), out Leaf leaf))
            {
                within = address % (UserLayout.PageSize << (9 * (level - 1)));
                return leaf;
            }
        }
        within = 0;
        return null;
    }
}
