using System.Collections.Generic;

namespace Skerry.Kernel.Interrupts;

/// <summary>Keeps the interrupts that were sent, for the test to deliver or to look at.</summary>
internal static class LocalApic
{
    public static readonly List<(uint ApicId, int Vector)> Sent = [];

    /// <summary>How often the kernel may ask before an interrupt waits; negative: none ever does.</summary>
    public static int AsksUntilPending = -1;

    public static uint TimerTicks;
    public static ulong Deadline;

    /// <summary>The mode's.</summary>
    public static uint LargestApicId { get; set; } = 254;

    /// <summary>Where the registers are said to lie.</summary>
    public const ulong PhysicalAddress = 0xfee0_0000;

    /// <summary>A device's interrupt that the CPU serves; its end lets the I/O APICs send the next.</summary>
    public static int InService { get; set; }

    /// <summary>How often the timer was set or stopped.</summary>
    public static int TimerWrites;

    public static void SetTimer(uint ticks)
    {
        TimerTicks = ticks;
        TimerWrites++;
    }

    public static bool IsX2 { get; set; }

    public static void SetTimerRegister(uint ticks) => SetTimer(ticks);

    public static void SetDeadline(ulong counter)
    {
        Deadline = counter;
        TimerWrites++;
    }

    /// <summary>What a test looks at whenever the kernel asks whether an interrupt waits.</summary>
    public static System.Action? Asked { get; set; }

    public static bool HasPendingInterrupt()
    {
        Asked?.Invoke();
        return AsksUntilPending >= 0 && AsksUntilPending-- == 0;
    }

    private const int MostAsks = 1000;

    private static int asks;

    /// <summary>Whether an interrupt comes while a CPU waits for the cluster lock.</summary>
    public static bool IsInterruptedWaiting { get; set; }

    /// <summary>Asked in each round of a wait. There is nobody else here, so a long one would never end.</summary>
    public static bool HasPendingFromOutside()
    {
        asks = IsInterruptedWaiting ? 0 : asks + 1;
        return asks % MostAsks < MostAsks - 1
            ? IsInterruptedWaiting
            : throw new System.InvalidOperationException("waits for ever");
    }

    public static void ForgetAsks() => asks = 0;

    public static void EndOfLevel() => EndOfInterrupt();

    public static unsafe void* EndOfInterrupt(void* answer)
    {
        EndOfInterrupt();
        return answer;
    }

    public static void EndOfInterrupt() => IoApicRegisters.EndOfInterrupt(InService);

    public static bool Overlaps(ulong start, ulong bytes) =>
        start < PhysicalAddress + 0x1000 && PhysicalAddress < start + bytes;

    public static void SendInterrupt(uint apicId, int vector) => Sent.Add((apicId, vector));
}
