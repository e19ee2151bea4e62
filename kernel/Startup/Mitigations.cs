using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;

namespace Skerry.Kernel.Startup;

/// <summary>
/// What mitigations=on changes at the start: page tables for user mode, and so another place for what the doors touch.
/// The doors themselves do the rest (kernel/Entry/RootCode, BarrierCode).
/// </summary>
internal static unsafe class Mitigations
{
    // The order of a slot's stacks.
    private const int EntryStack = 0;
    private const int FirstCriticalStack = 1;

    private static ulong* entryRoot;

    public static bool AreOn => entryRoot != null;

    public static void Prepare(BootInformation* information)
    {
        if ((information->Flags & BootFlags.Mitigations) == 0)
        {
            return;
        }
        entryRoot = BootPages.Take();
        EntryTables<BootPages>.MapText(
            entryRoot,
            Hardware.EntryStart(),
            Hardware.EntryEnd(),
            information->KernelImage.Base + (Hardware.EntryStart() - KernelLayout.Image)
        );
        // All that is mapped lies in the last of the root's entries, so it can be shared before it is complete.
        PageTables.EntryTables = entryRoot[PageTables.EntriesPerTable - 1];
    }

    /// <summary>Where the processors find the interrupt descriptor tables that are built in these two pages.</summary>
    public static ulong PlaceInterruptTables(ulong* tables)
    {
        if (!AreOn)
        {
            return (ulong)tables;
        }
        ulong physical = (ulong)tables - KernelLayout.DirectMap;
        EntryTables<BootPages>.MapInterruptTables(entryRoot, physical);
        EntryTables<BootPages>.MapInterruptTables(KernelRoot, physical);
        return KernelLayout.InterruptTables;
    }

    /// <summary>Memory for a CPU's block and tables, and the stacks that its hardware changes to.</summary>
    public static Cpu* PlaceCpu(uint index)
    {
        ulong bytes = EntryTables<BootPages>.SlotPages * UserLayout.PageSize;
        ulong physical = (ulong)BootMemory.Take(bytes, UserLayout.PageSize) - KernelLayout.DirectMap;
        EntryTables<BootPages>.MapSlot(entryRoot, index, physical);
        EntryTables<BootPages>.MapSlot(KernelRoot, index, physical);
        var cpu = (Cpu*)KernelLayout.CpuSlot(index);
        cpu->Direct = (Cpu*)(KernelLayout.DirectMap + physical);
        // For a fault before Initialise.
        cpu->Mitigations.KernelRoot = PageTables.KernelRoot;
        return cpu;
    }

    public static ulong EntryStackTop(uint cpu) => EntryTables<BootPages>.StackTop(cpu, EntryStack);

    /// <summary>0 to 3: ProcessorTables.SetStacks.</summary>
    public static ulong CriticalStackTop(uint cpu, int stack) =>
        EntryTables<BootPages>.StackTop(cpu, FirstCriticalStack + stack);

    /// <summary>On each CPU, before it loads a root.</summary>
    public static void Initialise(Cpu* cpu, ProcessorFeatures features)
    {
        LoadedRoot.Initialise(ref cpu->Mitigations, features.HasProcessContexts);
        cpu->Mitigations.EntryStack = EntryStackTop(cpu->Index);
        cpu->Mitigations.HasPredictorBarrier = features.HasPredictorBarrier;
        cpu->Mitigations.BarrierWork = features.HasPredictorBarrier ? (byte)1 : (byte)0;
        cpu->Mitigations.DataSelector = Selectors.KernelData;
    }

    private static ulong* KernelRoot => (ulong*)(KernelLayout.DirectMap + PageTables.KernelRoot);

    private struct BootPages : IPageSource
    {
        public static ulong* Take() => (ulong*)BootMemory.Take(UserLayout.PageSize, UserLayout.PageSize);
    }
}
