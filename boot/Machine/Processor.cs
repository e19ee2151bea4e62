using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Boot.Clusters;

namespace Skerry.Boot.Machine;

/// <summary>Instructions without a C# spelling, and addresses that the linker knows (boot/Entry/MachineStubs.cs).</summary>
internal static unsafe class Processor
{
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "OutByte")]
    public static extern void OutByte(ushort port, byte value);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "InByte")]
    public static extern byte InByte(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "ReadMsr")]
    public static extern ulong ReadMsr(uint register);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "ReadTimeStampCounter")]
    public static extern ulong ReadTimeStampCounter();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "LoadFaultVectors")]
    public static extern void LoadFaultVectors();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "ReloadRootTable")]
    public static extern void ReloadRootTable();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "HaltForever")]
    public static extern void HaltForever();

    /// <summary>Never returns: the caller's code and stack are not mapped any more.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "EnterKernel")]
    public static extern void EnterKernel(ulong rootTable, ulong stackTop, ulong information, ulong cpu, ulong entry);

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "BootImageStartAddress")]
    public static extern ulong ImageStart();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "BootTextEndAddress")]
    public static extern ulong TextEnd();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "BootRodataEndAddress")]
    public static extern ulong RodataEnd();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "BootImageEndAddress")]
    public static extern ulong ImageEnd();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "BootPointerTableAddress")]
    public static extern ulong PointerTable();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "BootDirectoriesAddress")]
    public static extern ulong Directories();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "BootPageTablesAddress")]
    public static extern ulong PageTables();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "FaultVectorStubsAddress")]
    public static extern ulong FaultVectorStubs();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "IdtAddress")]
    public static extern ulong Idt();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "TrampolineAddress")]
    public static extern ulong Trampoline();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "TrampolineEndAddress")]
    public static extern ulong TrampolineEnd();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "EnterKernelAddress")]
    public static extern ulong EnterKernelCode();

    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("*", "Cpuid")]
    private static extern void Cpuid(uint leaf, uint subleaf, CpuidRegisters* registers);

    public static CpuidRegisters Cpuid(uint leaf, uint subleaf)
    {
        CpuidRegisters registers;
        Cpuid(leaf, subleaf, &registers);
        return registers;
    }
}
