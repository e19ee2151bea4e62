using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Kernel.Layout;

namespace Skerry.Kernel.Machine;

/// <summary>The instructions that C# can't spell; each is a stub of a few instructions (kernel/Entry).</summary>
internal static unsafe class Hardware
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareOut8)]
    public static extern void Out8(ushort port, byte value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareIn8)]
    public static extern byte In8(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareOut16)]
    public static extern void Out16(ushort port, ushort value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareIn16)]
    public static extern ushort In16(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareOut32)]
    public static extern void Out32(ushort port, uint value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareIn32)]
    public static extern uint In32(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareReadTimeStampCounter)]
    public static extern ulong ReadTimeStampCounter();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareReadPageFaultAddress)]
    public static extern ulong ReadPageFaultAddress();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareLoadRoot)]
    public static extern void LoadRoot(ulong physicalRoot);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareInvalidatePage)]
    public static extern void InvalidatePage(ulong virtualAddress);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareWriteModelSpecificRegister)]
    public static extern void WriteModelSpecificRegister(uint register, ulong value);

    /// <summary>The same, when all earlier accesses to memory are done and seen by others (Intel SDM vol. 3A, 11.12.3).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareWriteModelSpecificRegisterInOrder)]
    public static extern void WriteModelSpecificRegisterInOrder(uint register, ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareReadModelSpecificRegister)]
    public static extern ulong ReadModelSpecificRegister(uint register);

    /// <summary>DR0 to DR3, and DR7.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareLoadDebugRegisters)]
    public static extern void LoadDebugRegisters(ulong* addresses, ulong control);

    /// <summary>DR6, which is cleared.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareTakeDebugCause)]
    public static extern ulong TakeDebugCause();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareReadControl4)]
    public static extern ulong ReadControl4();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareWriteControl4)]
    public static extern void WriteControl4(ulong value);

    /// <summary>XCR0, which chooses the extended state that XSAVE covers.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareReadExtendedControl)]
    public static extern ulong ReadExtendedControl();

    /// <summary>XCR0.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareWriteExtendedControl)]
    public static extern void WriteExtendedControl(uint value);

    /// <summary>Loads GDT and IDT, the segment registers, the task register.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareLoadTables)]
    public static extern void LoadTables(void* gdtPointer, void* idtPointer);

    /// <summary>Loads the IDT alone.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareLoadInterruptTable)]
    public static extern void LoadInterruptTable(void* idtPointer);

    /// <summary>Jumps to a door of the kernel with a thread as argument; never returns.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareJump)]
    public static extern void Jump(Objects.Thread* thread, ulong door);

    /// <summary>Waits for interrupts with an empty kernel stack; never returns.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareIdle)]
    public static extern void Idle(Cpu* cpu);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareHaltForever)]
    public static extern void HaltForever();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareFramePointer)]
    public static extern ulong FramePointer();

    /// <summary>The sets of doors (DoorTableLayout).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareDoorTable)]
    public static extern ulong* DoorTable();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareSymbolTable)]
    public static extern byte* SymbolTable();

    /// <summary>First page of the text that user mode's page tables map, and the one after the last.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareEntryStart)]
    public static extern ulong EntryStart();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareEntryEnd)]
    public static extern ulong EntryEnd();

    /// <summary>First byte of the text, and the one after the last.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareTextStart)]
    public static extern ulong TextStart();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", EntryPoints.HardwareTextEnd)]
    public static extern ulong TextEnd();
}
