using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Boot.Clusters;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Machine;

/// <summary>Instructions without a C# spelling, and addresses that the linker knows (boot/Entry/MachineStubs.cs).</summary>
internal static unsafe class Processor
{
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorOutByte)]
    public static extern void OutByte(ushort port, byte value);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorInByte)]
    public static extern byte InByte(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorInDoubleWord)]
    public static extern uint InDoubleWord(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorReadMsr)]
    public static extern ulong ReadMsr(uint register);

    /// <summary>All earlier accesses to memory come first, whatever the register.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorWriteMsr)]
    public static extern void WriteMsr(uint register, ulong value);

    /// <summary>Empties the caches, which are used no more until <see cref="StartCaching"/>.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorStopCaching)]
    public static extern void StopCaching();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorStartCaching)]
    public static extern void StartCaching();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorReadTimeStampCounter)]
    public static extern ulong ReadTimeStampCounter();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorLoadFaultVectors)]
    public static extern void LoadFaultVectors();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorReloadRootTable)]
    public static extern void ReloadRootTable();

    /// <summary>Until an interrupt; one that waits already counts.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorHaltOnce)]
    public static extern void HaltOnce();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorHaltForever)]
    public static extern void HaltForever();

    /// <summary>Never returns: the caller's code and stack are not mapped any more.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorEnterKernel)]
    public static extern void EnterKernel(ulong rootTable, ulong stackTop, ulong information, ulong cpu, ulong entry);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorImageStart)]
    public static extern ulong ImageStart();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorTextEnd)]
    public static extern ulong TextEnd();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorRodataEnd)]
    public static extern ulong RodataEnd();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorImageEnd)]
    public static extern ulong ImageEnd();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorPointerTable)]
    public static extern ulong PointerTable();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorDirectories)]
    public static extern ulong Directories();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorPageTables)]
    public static extern ulong PageTables();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorFaultVectorStubs)]
    public static extern ulong FaultVectorStubs();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorIdt)]
    public static extern ulong Idt();

    /// <summary>Of the CPUs that are started, one behind the other, last of all in the image.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorStacks)]
    public static extern ulong Stacks();

    /// <summary>Where the number of stacks stands that may be used.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorStackCount)]
    public static extern ulong StackCount();

    /// <summary>Where the number of the next stack stands: so many have been taken, or asked for in vain.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorNextStack)]
    public static extern ulong NextStack();

    /// <summary>Where the number of CPUs stands that have come.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorArrived)]
    public static extern ulong Arrived();

    /// <summary>Where the boot CPU's FeatureWords lie.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorOwnFeatures)]
    public static extern ulong OwnFeatures();

    /// <summary>Where the FeatureWords lie that every other CPU has to have.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorNeededFeatures)]
    public static extern ulong NeededFeatures();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorTrampoline)]
    public static extern ulong Trampoline();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorTrampolineEnd)]
    public static extern ulong TrampolineEnd();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorEnterKernelCode)]
    public static extern ulong EnterKernelCode();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", BootEntryPoints.ProcessorCpuid)]
    private static extern void Cpuid(uint leaf, uint subleaf, CpuidRegisters* registers);

    public static CpuidRegisters Cpuid(uint leaf, uint subleaf)
    {
        CpuidRegisters registers;
        Cpuid(leaf, subleaf, &registers);
        return registers;
    }
}
