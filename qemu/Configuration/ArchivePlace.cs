using Skerry.Abi.Boot;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Configuration;

/// <summary>
/// Where QEMU puts the boot archive of a machine: at the end of the memory below 4 GiB, before what it keeps for ACPI
/// tables. With little memory that is over bootstrap itself, which then can only say so.
/// </summary>
public static class ArchivePlace
{
    // QEMU's hw/i386: pc.c (acpi_data_size), and x86-common.c (x86_load_linux). The archive's pages end one byte before the
    // tables.
    private const ulong AcpiBytes = 0x2_8000;
    private const ulong PageMask = ~0xffful;

    /// <summary>build/link/boot.ld.</summary>
    private const ulong BootstrapStart = 1 * ByteSize.Mebi;

    /// <param name="topology">The machine.</param>
    /// <param name="archiveBytes">Of the file.</param>
    /// <param name="bootstrapBytes">Of the pages of bootstrap's whole image.</param>
    /// <exception cref="BadInputException">The archive would lie over bootstrap.</exception>
    public static void Check(Topology topology, ulong archiveBytes, ulong bootstrapBytes)
    {
        ulong memory = PhysicalLayout.LowBytes(topology);
        ulong needed = EndOfBootstrap(topology, bootstrapBytes) + archiveBytes + AcpiBytes + 1;
        if (
            needed > memory
            || ((memory - AcpiBytes - 1 - archiveBytes) & PageMask) < EndOfBootstrap(topology, bootstrapBytes)
        )
        {
            string archive =
                $"the boot archive has {ByteSize.Format((archiveBytes + ByteSize.Mebi - 1) & ~(ByteSize.Mebi - 1))}";
            string place =
                $"QEMU would put it over bootstrap's own memory, as {topology.Name} has {ByteSize.Format(memory)}";
            throw new BadInputException($"{archive}, and {place} below 4 GiB");
        }
    }

    /// <summary>The last in it are the stacks, of which it needs one for each CPU.</summary>
    private static ulong EndOfBootstrap(Topology topology, ulong bootstrapBytes)
    {
        int unused = BootstrapSize.Stacks - topology.Cpus.Count;
        return BootstrapStart + bootstrapBytes - (ulong)(unused * BootstrapSize.StackBytes);
    }
}
