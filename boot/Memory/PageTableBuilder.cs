namespace Skerry.Boot.Memory;

/// <summary>
/// Builds the page tables of one cluster in its own memory, with the largest pages that fit (Intel SDM vol. 3A, 4.5).
/// </summary>
public ref struct PageTableBuilder
{
    private const int RootLevel = 4;
    private const ulong AddressMask = 0x000f_ffff_ffff_f000;

    private readonly PhysicalMemory _memory;
    private readonly ref ClusterArena _arena;
    private readonly int _largestLevel;

    /// <summary><paramref name="hasHugePages"/>: the CPU knows pages of 1 GiB. Root is 0 if there was no memory for it.</summary>
    public PageTableBuilder(PhysicalMemory memory, ref ClusterArena arena, bool hasHugePages)
    {
        _memory = memory;
        _arena = ref arena;
        _largestLevel = hasHugePages ? 3 : 2;
        Root = arena.Allocate(1);
    }

    /// <summary>Physical address of the root table.</summary>
    public ulong Root { get; }

    /// <summary>All three numbers are whole pages, and nothing is mapped there yet.</summary>
    /// <returns>False: no memory for a table.</returns>
    public bool Map(ulong address, ulong physical, ulong bytes, PageRights rights)
    {
        while (bytes != 0)
        {
            int level = LevelFor(address, physical, bytes);
            ulong entry = EntryFor(address, level);
            if (entry == 0)
            {
                return false;
            }
            Write(entry, physical | (ulong)(rights | PageRights.Present | (level > 1 ? PageRights.Large : 0)));
            ulong size = SizeOf(level);
            address += size;
            physical += size;
            bytes -= size;
        }
        return true;
    }

    private readonly int LevelFor(ulong address, ulong physical, ulong bytes)
    {
        int level = _largestLevel;
        while (level > 1 && (((address | physical) & (SizeOf(level) - 1)) != 0 || bytes < SizeOf(level)))
        {
            level--;
        }
        return level;
    }

    /// <summary>Physical address of the entry for an address at a level; makes the tables above it. 0: no memory.</summary>
    private ulong EntryFor(ulong address, int level)
    {
        ulong table = Root;
        for (int above = RootLevel; above > level && table != 0; above--)
        {
            ulong entry = table + Index(address, above) * sizeof(ulong);
            ulong value = Read(entry);
            if (value == 0)
            {
                ulong next = _arena.Allocate(1);
                if (next == 0)
                {
                    return 0;
                }
                // The rights are those of the last level.
                value = next | (ulong)(PageRights.Present | PageRights.Writable);
                Write(entry, value);
            }
            table = value & AddressMask;
        }
        return table == 0 ? 0 : table + Index(address, level) * sizeof(ulong);
    }

    private static ulong Index(ulong address, int level) => address >> (12 + 9 * (level - 1)) & 511;

    private static ulong SizeOf(int level) => PhysicalMemory.PageSize << (9 * (level - 1));

    private readonly unsafe ulong Read(ulong entry) => *(ulong*)_memory.At(entry);

    private readonly unsafe void Write(ulong entry, ulong value) => *(ulong*)_memory.At(entry) = value;
}
