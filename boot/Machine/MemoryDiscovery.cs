using Skerry.Abi.Boot;
using Skerry.Boot.Layout;
using Skerry.Boot.Loading;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>Finds the memory that can be given away, and maps it.</summary>
internal static class MemoryDiscovery
{
    /// <summary>Bootstrap's own image and the archive, which is whole pages, stay out of what is given away.</summary>
    public static void Find(StartInfo info, PhysicalRange archive, ref BootState state)
    {
        MemoryMapReader.Read(info.MemoryMap, ref state.Usable, ref state.Warnings);
        ulong lostBefore = state.Usable.LostBytes;
        state.Usable.Remove(Processor.ImageStart(), Processor.ImageEnd());
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
