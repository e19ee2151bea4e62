using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Machine;

/// <summary>
/// The local APIC's registers in xAPIC mode (Intel SDM vol. 3A, 11.4), through the identity map. Interrupt command:
/// <code>
/// high: 63..56 destination | low: 19..18 shorthand | 15 level triggered | 14 assert | 12 pending | 10..8 mode | 7..0 vector
/// </code>
/// </summary>
internal static unsafe class LocalApic
{
    private const uint BaseMsr = 0x1b;
    private const ulong BaseMask = 0x000f_ffff_ffff_f000;
    private const uint SpuriousVector = 0xf0;
    private const uint EndOfInterrupt = 0xb0;
    private const uint CommandLow = 0x300;
    private const uint CommandHigh = 0x310;
    private const uint TimerVector = 0x320;
    private const uint TimerInitial = 0x380;
    private const uint TimerCurrent = 0x390;
    private const uint TimerDivide = 0x3e0;
    private const uint SoftwareEnable = 1 << 8;
    private const uint Masked = 1 << 16;
    private const uint DivideByOne = 0xb;
    private const uint Init = 0x4500;
    private const uint Startup = 0x4600;
    private const uint Fixed = 0x4000;
    private const uint Pending = 1 << 12;

    public static ulong Address => Processor.ReadMsr(BaseMsr) & BaseMask;

    public static void SendInit(uint apicId) => Send(apicId, Init);

    /// <summary>The CPU starts in real mode at the page with this number.</summary>
    public static void SendStartup(uint apicId, uint page) => Send(apicId, Startup | page);

    /// <summary>Ends one <see cref="Processor.HaltOnce"/> of that CPU, which has called <see cref="Enable"/>.</summary>
    public static void SendWake(uint apicId) => Send(apicId, Fixed | BootLayout.WakeVector);

    /// <summary>From here on this CPU takes interrupts; one that is off loses them.</summary>
    public static void Enable() => Register(SpuriousVector) = SoftwareEnable | 0xff;

    public static void End() => Volatile.Write(ref Register(EndOfInterrupt), 0);

    /// <summary>Counts down from the largest number, undivided, without an interrupt.</summary>
    public static void StartTimer()
    {
        Enable();
        Register(TimerVector) = Masked;
        Register(TimerDivide) = DivideByOne;
        Register(TimerInitial) = uint.MaxValue;
    }

    public static uint TimerElapsed() => uint.MaxValue - Volatile.Read(ref Register(TimerCurrent));

    public static void StopTimer() => Volatile.Write(ref Register(TimerInitial), 0);

    private static void Send(uint apicId, uint command)
    {
        Volatile.Write(ref Register(CommandHigh), apicId << 24);
        Volatile.Write(ref Register(CommandLow), command);
        while ((Volatile.Read(ref Register(CommandLow)) & Pending) != 0) { }
    }

    // Safety: the first 4 GiB are mapped, and the base lies there: this CPU has not changed it since reset.
    private static ref uint Register(uint offset) => ref Unsafe.AsRef<uint>((void*)(Address + offset));
}
