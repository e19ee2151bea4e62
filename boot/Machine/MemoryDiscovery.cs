using Skerry.Abi.Boot;
using Skerry.Boot.Layout;
using Skerry.Boot.Loading;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>Finds the memory that can be given away, and maps it.</summary>
internal static class MemoryDiscovery
{
    /// <summary>
    /// Bootstrap's own image and the archive, which is whole pages, stay out of what is given away. Of the stacks the image
    /// has as many as there are CPUs.
    /// </summary>
    public static void Find(StartInfo info, PhysicalRange archive, ref BootState state)
    {
        MemoryMapReader.Read(info.MemoryMap, ref state.Usable, ref state.Warnings);
        ulong lostBefore = state.Usable.LostBytes;
        ulong end = Processor.Stacks() + (ulong)(state.Cpus.Count * BootLayout.ProcessorStackBytes);
        if (archive.Base < end && archive.Base + archive.Length > Processor.ImageStart())
        {
            Ending.Fail("boot archive"u8, "lies over bootstrap's own memory: the machine has too little"u8);
        }
        state.Usable.Remove(Processor.ImageStart(), end);
        state.Usable.Remove(archive.Base, archive.Base + archive.Length);
        ulong lost = state.Usable.LostBytes - lostBefore;
        if (lost != 0)
        {
            state.Warnings.Add(WarningSource.Memory, WarningReason.PiecesLost, lost);
        }
        Map(ref state);
    }

    private static void Map(ref BootState state)
    {
        var tables = new IdentityMapTables
        {
            PointerTable = Processor.PointerTable(),
            Directories = Processor.Directories(),
            DirectoryCount = BootLayout.Directories,
            PageTables = Processor.PageTables(),
        };
        var map = new IdentityMap(default, tables, ProcessorCpuid.HasHugePages);
        map.Narrow(
            Processor.ImageStart(),
            Processor.TextEnd(),
            Processor.RodataEnd(),
            Processor.ImageEnd(),
            LocalApic.Address
        );
        ulong lost = map.Extend(ref state.Usable);
        if (lost != 0)
        {
            state.Warnings.Add(WarningSource.Memory, WarningReason.MemoryOutOfReach, lost);
        }
        Processor.ReloadRootTable();
    }
}
