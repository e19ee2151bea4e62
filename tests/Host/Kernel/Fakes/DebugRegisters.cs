namespace Skerry.Kernel.Interrupts;

/// <summary>Keeps what the debug registers would hold.</summary>
internal static unsafe class DebugRegisters
{
    public static ulong Control;
    public static ulong Address0;

    /// <summary>What the next debug exception came for; the test sets it.</summary>
    public static ulong Cause;

    /// <summary>Whether system calls take the door that leads to no fastpath.</summary>
    public static bool SlowDoor;

    public static void Load(Cpu* cpu, ulong* addresses, ulong control)
    {
        Control = control;
        Address0 = addresses[0];
        SlowDoor = true;
    }

    public static void Clear(Cpu* _)
    {
        Control = 0;
        Address0 = 0;
        SlowDoor = false;
    }

    public static ulong TakeCause()
    {
        ulong cause = Cause;
        Cause = 0;
        return cause;
    }
}
