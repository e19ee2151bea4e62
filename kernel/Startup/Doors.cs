using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Startup;

/// <summary>
/// The sets of entry stubs that fit the processors of this cluster: the plain one, chosen at the start, and the traced
/// one, which a CPU uses while its kernel entries are recorded.
/// </summary>
internal static unsafe class Doors
{
    private static ulong* set;

    public static ulong SystemCallEntry => set[DoorTableLayout.SystemCallEntry];

    public static ulong Vector(int vector) => VectorOf(set, vector);

    public static ulong TracedVector(int vector) => VectorOf(Traced, vector);

    private static ulong* Traced => set + DoorTableLayout.Traced * DoorTableLayout.WordsPerSet;

    public static void Choose(ProcessorFeatures features, bool mitigated)
    {
        int index = features.HasAvx ? 0 : DoorTableLayout.WithoutAvx;
        index += mitigated ? DoorTableLayout.Mitigated : 0;
        set = Hardware.DoorTable() + index * DoorTableLayout.WordsPerSet;
    }

    /// <summary>
    /// From its next entry on, the calling CPU is entered through what its state asks for: recorded or not, and with or
    /// without a fastpath for the system calls of the thread whose breakpoints are loaded.
    /// </summary>
    public static void Use(Cpu* cpu)
    {
        bool traced = cpu->Trace.Writer.IsOn;
        ulong* chosen = traced ? Traced : set;
        int door = cpu->DebugOwner == null ? DoorTableLayout.SystemCallEntry : DoorTableLayout.SystemCallEntryDebugged;
        ModelSpecificRegisters.SetSystemCallEntry(chosen[door]);
        ProcessorTables.LoadIdt(traced);
    }

    private static ulong VectorOf(ulong* doors, int vector) => ((ulong*)doors[DoorTableLayout.VectorTable])[vector];

    /// <summary>Leaves the kernel into the first thread; does not return.</summary>
    public static void Leave(Thread* thread) => Hardware.Jump(thread, set[DoorTableLayout.ResumeThread]);
}
