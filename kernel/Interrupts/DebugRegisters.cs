using Skerry.Kernel.Machine;
using Skerry.Kernel.Startup;

namespace Skerry.Kernel.Interrupts;

/// <summary>A CPU's debug registers, and the door that system calls take while a debugged thread runs.</summary>
internal static unsafe class DebugRegisters
{
    /// <summary>The thread that has these breakpoints runs next: its system calls take no fastpath from now on.</summary>
    public static void Load(Cpu* cpu, ulong* addresses, ulong control)
    {
        Hardware.LoadDebugRegisters(addresses, control);
        Doors.Use(cpu);
    }

    public static void Clear(Cpu* cpu)
    {
        ulong* none = stackalloc ulong[4];
        none[0] = 0;
        none[1] = 0;
        none[2] = 0;
        none[3] = 0;
        Hardware.LoadDebugRegisters(none, 0);
        Doors.Use(cpu);
    }

    /// <summary>Why a debug exception came (DR6), and forgets it.</summary>
    public static ulong TakeCause() => Hardware.TakeDebugCause();
}
