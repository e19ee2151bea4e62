using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi.Boot;
using Skerry.Boot.Layout;

namespace Skerry.Boot.Machine;

/// <summary>
/// The local APIC, by the offsets of its registers (Intel SDM vol. 3A, 11.4): in x2APIC mode, where the processor has it,
/// as model-specific registers, else in xAPIC mode, through the identity map. All CPUs are in the same mode. What is sent
/// to others is composed by <see cref="LocalApicMode"/>.
/// </summary>
internal static unsafe class LocalApic
{
    private const uint Features = 1;
    private const uint HasX2Apic = 1 << 21; // CPUID.1:ECX
    private const ulong BaseMask = 0x000f_ffff_ffff_f000;
    private const int Id = 0x20;
    private const int SpuriousVector = 0xf0;
    private const int TimerVector = 0x320;
    private const int TimerInitial = 0x380;
    private const int TimerCurrent = 0x390;
    private const int TimerDivide = 0x3e0;
    private const uint SoftwareEnable = 1 << 8;
    private const uint Masked = 1 << 16;
    private const uint DivideByOne = 0xb;
    private const uint Init = 0x4500;
    private const uint Startup = 0x4600;
    private const uint Fixed = 0x4000;
    private const uint Pending = 1 << 12;

    public static ulong Address => Processor.ReadMsr(LocalApicMode.BaseRegister) & BaseMask;

    /// <summary>The mode that all CPUs are put into: x2APIC.</summary>
    public static bool IsX2 { get; private set; }

    /// <summary>Of the CPU that asks, which has its mode.</summary>
    public static uint OwnId => IsX2 ? Read(Id) : Read(Id) >> 24;

    /// <summary>On the boot CPU, before all else: whichever the processor has, or firmware has chosen already.</summary>
    public static void ChooseMode()
    {
        IsX2 =
            (Processor.Cpuid(Features, 0).Ecx & HasX2Apic) != 0
            || LocalApicMode.IsX2(Processor.ReadMsr(LocalApicMode.BaseRegister));
        EnterMode();
    }

    /// <summary>On each CPU. Back from x2APIC mode there is no direct way (Intel SDM vol. 3A, 11.12.5), and no need for one.</summary>
    public static void EnterMode()
    {
        ulong value = Processor.ReadMsr(LocalApicMode.BaseRegister);
        if (IsX2 && !LocalApicMode.IsX2(value))
        {
            // One that is off must be turned on first.
            Processor.WriteMsr(LocalApicMode.BaseRegister, value | LocalApicMode.Enabled);
            Processor.WriteMsr(LocalApicMode.BaseRegister, value | LocalApicMode.Enabled | LocalApicMode.X2);
        }
    }

    public static void SendInit(uint apicId) => Send(apicId, Init);

    /// <summary>The CPU starts in real mode at the page with this number.</summary>
    public static void SendStartup(uint apicId, uint page) => Send(apicId, Startup | page);

    /// <summary>Ends one <see cref="Processor.HaltOnce"/> of that CPU, which has called <see cref="Enable"/>.</summary>
    public static void SendWake(uint apicId) => Send(apicId, Fixed | BootLayout.WakeVector);

    /// <summary>From here on this CPU takes interrupts; one that is off loses them.</summary>
    public static void Enable() => Write(SpuriousVector, SoftwareEnable | 0xff);

    public static void End() => Write(LocalApicMode.EndOfInterrupt, 0);

    /// <summary>Counts down from the largest number, undivided, without an interrupt.</summary>
    public static void StartTimer()
    {
        Enable();
        Write(TimerVector, Masked);
        Write(TimerDivide, DivideByOne);
        Write(TimerInitial, uint.MaxValue);
    }

    public static uint TimerElapsed() => uint.MaxValue - Read(TimerCurrent);

    public static void StopTimer() => Write(TimerInitial, 0);

    private static void Send(uint apicId, uint command)
    {
        if (IsX2)
        {
            // The stub's fences come first: the other CPU sees all that was written before.
            Processor.WriteMsr(
                LocalApicMode.RegisterOf(LocalApicMode.Command),
                LocalApicMode.WideCommand(apicId, command)
            );
            return;
        }
        Write(LocalApicMode.CommandHigh, LocalApicMode.NarrowDestination(apicId));
        Write(LocalApicMode.Command, command);
        while ((Read(LocalApicMode.Command) & Pending) != 0) { }
    }

    private static uint Read(int register) =>
        IsX2 ? (uint)Processor.ReadMsr(LocalApicMode.RegisterOf(register)) : Volatile.Read(ref Register(register));

    private static void Write(int register, uint value)
    {
        if (IsX2)
        {
            Processor.WriteMsr(LocalApicMode.RegisterOf(register), value);
        }
        else
        {
            Volatile.Write(ref Register(register), value);
        }
    }

    // Safety: the first 4 GiB are mapped, and the base lies there: this CPU has not changed it since reset.
    private static ref uint Register(int offset) => ref Unsafe.AsRef<uint>((void*)(Address + (uint)offset));
}
