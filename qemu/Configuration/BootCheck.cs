using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Needs;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Qemu.Configuration;

/// <summary>
/// All that can be known of a system before it boots, beyond what its file says by itself: the programs it names and
/// their sizes, and the machine it is to run on. Every command that makes something of a system asks here first.
/// </summary>
public static class BootCheck
{
    /// <summary>The same for the programs that a checkout has built, with a warning for those that are too old.</summary>
    /// <param name="system">What its reader let pass.</param>
    /// <param name="repository">The checkout.</param>
    /// <param name="topology">The machine; null if none is chosen.</param>
    /// <param name="mode">The machine's clustering.</param>
    /// <exception cref="BadInputException">The system cannot run so; all errors are named.</exception>
    public static IReadOnlyList<Diagnostic> Check(
        SystemDescription system,
        Repository repository,
        Topology? topology,
        ClusterMode mode
    ) => [.. Check(system, new ProgramCatalog(repository.Images), topology, mode), .. OldImages.Of(system, repository)];

    /// <param name="system">What its reader let pass.</param>
    /// <param name="programs">What there is to start.</param>
    /// <param name="topology">The machine; null if none is chosen.</param>
    /// <param name="mode">The machine's clustering.</param>
    /// <returns>Warnings, those of the system's reader among them.</returns>
    /// <exception cref="BadInputException">The system cannot run so; all errors are named.</exception>
    public static IReadOnlyList<Diagnostic> Check(
        SystemDescription system,
        ProgramCatalog programs,
        Topology? topology,
        ClusterMode mode
    )
    {
        var diagnostics = new Diagnostics(system.File);
        Programs(system, programs, diagnostics);
        if (topology is not null)
        {
            MachineCheck.Check(system, topology, mode, diagnostics);
            diagnostics.ThrowIfErrors();
            RoomCheck.Check(system, topology, mode, programs, diagnostics);
        }
        diagnostics.ThrowIfErrors();
        return [.. system.Warnings, .. diagnostics.Entries];
    }

    private static void Programs(SystemDescription system, ProgramCatalog programs, Diagnostics diagnostics)
    {
        foreach (VcoreDescription vcore in system.Vcores)
        {
            Program(vcore.Binary, "a vcore", ProgramCatalog.VcoreMain, vcore.BinaryPosition, programs, diagnostics);
        }
        foreach (ChildDescription child in system.AllChildren.Select(placed => placed.Child))
        {
            const string mark = ProgramCatalog.ComponentMain;
            ulong? needed = Program(child.Binary, "a component", mark, child.BinaryPosition, programs, diagnostics);
            Quota(child, needed, diagnostics);
        }
    }

    private static void Quota(ChildDescription child, ulong? needed, Diagnostics diagnostics)
    {
        if (needed > child.RamQuota)
        {
            string quota = $"\"{child.Name}\" has {ByteSize.Format(child.RamQuota)} of \"ram\"";
            string reason = $"{quota}, and \"{child.Binary}\" needs {ByteSize.Format(needed.Value)} to start";
            diagnostics.Error(child.RamPosition, DiagnosticCode.TooLittleRam, reason);
        }
        if (child.CapabilityQuota < ComponentNeeds.Capabilities)
        {
            string reason =
                $"\"{child.Name}\" has {child.CapabilityQuota} of \"capabilities\", and every component needs "
                + $"{ComponentNeeds.Capabilities}";
            diagnostics.Error(child.CapabilityPosition, DiagnosticCode.TooLittleRam, reason);
        }
    }

    /// <returns>Bytes that it needs to start; null if it is no program, which is then recorded.</returns>
    private static ulong? Program(
        string name,
        string what,
        string mark,
        SourcePosition at,
        ProgramCatalog programs,
        Diagnostics diagnostics
    )
    {
        if (!programs.IsThere(name))
        {
            diagnostics.Error(at, DiagnosticCode.NoSuchProgram, NotThere(name, programs));
            return null;
        }
        ulong? needed = programs.MemoryToStart(name);
        if (needed is null)
        {
            diagnostics.Error(at, DiagnosticCode.NoSuchProgram, $"\"{name}\" is not a program: no 64-bit ELF file");
        }
        else if (!programs.Names.Contains(name) || !programs.Has(name, mark))
        {
            diagnostics.Error(at, DiagnosticCode.NoSuchProgram, $"\"{name}\" is not {what}: it has no {mark}");
            return null;
        }
        return needed;
    }

    private static string NotThere(string name, ProgramCatalog programs)
    {
        string hint = NearestName.Hint(name, programs.Names);
        string build = "; \"make run\" builds a project of that name if it is in Skerry.slnx and Machine.slnf";
        return $"there is no program \"{name}\" in out/images{(hint.Length != 0 ? hint : build)}";
    }
}
