using System.Runtime;
using System.Runtime.CompilerServices;

namespace Skerry.Kernel.Machine;

/// <summary>The instructions that C# can't spell; each is a stub of a few instructions (kernel/Entry).</summary>
internal static unsafe class Hardware
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareOut8")]
    public static extern void Out8(ushort port, byte value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareIn8")]
    public static extern byte In8(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareOut16")]
    public static extern void Out16(ushort port, ushort value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareIn16")]
    public static extern ushort In16(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareOut32")]
    public static extern void Out32(ushort port, uint value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareIn32")]
    public static extern uint In32(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareReadTimeStampCounter")]
    public static extern ulong ReadTimeStampCounter();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareReadPageFaultAddress")]
    public static extern ulong ReadPageFaultAddress();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareLoadRoot")]
    public static extern void LoadRoot(ulong physicalRoot);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareInvalidatePage")]
    public static extern void InvalidatePage(ulong virtualAddress);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareWriteModelSpecificRegister")]
    public static extern void WriteModelSpecificRegister(uint register, ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareReadModelSpecificRegister")]
    public static extern ulong ReadModelSpecificRegister(uint register);

    /// <summary>DR0 to DR3, and DR7.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareLoadDebugRegisters")]
    public static extern void LoadDebugRegisters(ulong* addresses, ulong control);

    /// <summary>DR6, which is cleared.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareTakeDebugCause")]
    public static extern ulong TakeDebugCause();

    /// <summary>CPUID: eax, ebx, ecx, edx into the four words.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareCpuid")]
    public static extern void Cpuid(uint leaf, uint subleaf, uint* words);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareReadControl4")]
    public static extern ulong ReadControl4();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareWriteControl4")]
    public static extern void WriteControl4(ulong value);

    /// <summary>XCR0, which chooses the extended state that XSAVE covers.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareWriteExtendedControl")]
    public static extern void WriteExtendedControl(uint value);

    /// <summary>Loads GDT and IDT, the segment registers, the task register.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareLoadTables")]
    public static extern void LoadTables(void* gdtPointer, void* idtPointer);

    /// <summary>Loads the IDT alone.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareLoadInterruptTable")]
    public static extern void LoadInterruptTable(void* idtPointer);

    /// <summary>Jumps to a door of the kernel with a thread as argument; never returns.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareJump")]
    public static extern void Jump(Objects.Thread* thread, ulong door);

    /// <summary>Waits for interrupts with an empty kernel stack; never returns.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "Idle")]
    public static extern void Idle(Cpu* cpu);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareHalt")]
    public static extern void HaltForever();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareFramePointer")]
    public static extern ulong FramePointer();

    /// <summary>The sets of doors (DoorTableLayout).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareDoorTable")]
    public static extern ulong* DoorTable();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareSymbolTable")]
    public static extern byte* SymbolTable();

    /// <summary>First page of the text that user mode's page tables map, and the one after the last.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareEntryStart")]
    public static extern ulong EntryStart();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareEntryEnd")]
    public static extern ulong EntryEnd();

    /// <summary>First byte of the text, and the one after the last.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareTextStart")]
    public static extern ulong TextStart();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HardwareTextEnd")]
    public static extern ulong TextEnd();
}
