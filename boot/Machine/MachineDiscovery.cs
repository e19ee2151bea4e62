using Skerry.Boot.Acpi;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>Reads the tables, asks the CPUs, and joins both.</summary>
internal static class MachineDiscovery
{
    /// <summary>Behind <see cref="ListCpus"/>.</summary>
    public static void Find(RootTable root, ref BootState state)
    {
        TableStatus status = SratReader.Read(
            AcpiTables.Find(root, "SRAT"u8, WarningSource.Srat, ref state.Warnings),
            ref state.Usable,
            ref state.Affinity,
            ref state.Warnings
        );
        TableWarnings.Add(WarningSource.Srat, status, ref state.Warnings);
        Processors.Discover(ref state.Cpus, LocalApic.OwnId);
        TopologyBuilder.Build(
            Processors.Answers,
            ref state.Cpus,
            ref state.Affinity,
            ref state.Machine,
            ref state.Warnings
        );
        FillDistances(root, ref state);
    }

    /// <summary>Without a table there is the boot CPU. How many there are decides how much memory bootstrap keeps.</summary>
    public static void ListCpus(RootTable root, ref BootState state)
    {
        uint bootApicId = LocalApic.OwnId;
        state.Cpus.HasWideIds = LocalApic.IsX2;
        state.Cpus.Reserve(bootApicId);
        TableStatus status = MadtReader.Read(
            AcpiTables.Find(root, "APIC"u8, WarningSource.Madt, ref state.Warnings),
            ref state.Cpus,
            ref state.Warnings
        );
        TableWarnings.Add(WarningSource.Madt, status, ref state.Warnings);
        if (state.Cpus.LocalApic != 0 && state.Cpus.LocalApic != LocalApic.Address)
        {
            state.Warnings.Add(WarningSource.Madt, WarningReason.OtherLocalApic, state.Cpus.LocalApic);
        }
        if (status == TableStatus.Valid && !state.Cpus.Contains(bootApicId))
        {
            state.Warnings.Add(WarningSource.Madt, WarningReason.MissingBootCpu, bootApicId);
        }
        state.Cpus.Add(bootApicId);
    }

    /// <summary>An HMAT may be absent; a SLIT only where there is one node, or latencies to stand in for it.</summary>
    private static void FillDistances(RootTable root, ref BootState state)
    {
        TableStatus status = HmatReader.Read(
            AcpiTables.Find(root, "HMAT"u8, WarningSource.Hmat, ref state.Warnings),
            out HmatReader hmat
        );
        if (status != TableStatus.Missing)
        {
            TableWarnings.Add(WarningSource.Hmat, status, ref state.Warnings);
        }
        status = SlitReader.Read(
            AcpiTables.Find(root, "SLIT"u8, WarningSource.Slit, ref state.Warnings),
            out SlitReader slit
        );
        if (status != TableStatus.Missing || (state.Machine.NodeCount > 1 && !hmat.HasLatencies))
        {
            TableWarnings.Add(WarningSource.Slit, status, ref state.Warnings);
        }
        DistanceBuilder.Fill(ref state.Machine, slit, hmat, ref state.Warnings);
    }
}
