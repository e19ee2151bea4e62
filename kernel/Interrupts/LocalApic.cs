using System.Threading;
using Skerry.Abi.Boot;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// The local APIC in xAPIC mode, by its registers' byte offsets (Intel SDM vol. 3A, table 11-1). Each CPU has its own
/// behind the same address.
/// </summary>
internal static unsafe class LocalApic
{
    private const int EndOfInterruptRegister = 0x0b0;
    private const int SpuriousRegister = 0x0f0;
    private const int RequestRegisterOfLastVectors = 0x270;
    private const int CommandLow = 0x300;
    private const int CommandHigh = 0x310;
    private const int TimerEntry = 0x320;
    private const int Lint0Entry = 0x350;
    private const int Lint1Entry = 0x360;
    private const int InitialCount = 0x380;
    private const int DivideConfiguration = 0x3e0;

    private const uint SoftwareEnable = 1 << 8;
    private const uint Masked = 1 << 16;
    private const uint DeliveryPending = 1 << 12;
    private const uint DeliverNonMaskable = 0b100 << 8;
    private const uint DivideByOne = 0b1011;
    private const uint TscDeadlineMode = 0b10 << 17;

    /// <summary>Model-specific register (Intel SDM vol. 3A, 11.5.4.1).</summary>
    private const uint TscDeadline = 0x6e0;

    /// <summary>With or without the timer mode that compares the time-stamp counter.</summary>
    public static void Initialise(bool tscDeadline)
    {
        Write(SpuriousRegister, SoftwareEnable | Vectors.Spurious);
        Write(Lint0Entry, Masked);
        Write(Lint1Entry, Masked);
        Write(DivideConfiguration, DivideByOne);
        Write(TimerEntry, tscDeadline ? Vectors.Timer | TscDeadlineMode : Vectors.Timer);
        Write(InitialCount, 0);
        // Orders the mode before the first deadline, which is no memory access.
        Interlocked.MemoryBarrier();
    }

    /// <summary>One-shot, in undivided timer ticks; 0 stops it.</summary>
    public static void SetTimer(uint ticks) => Write(InitialCount, ticks);

    /// <summary>In TSC-deadline mode: the time-stamp counter at which the timer comes; 0 stops it.</summary>
    public static void SetDeadline(ulong counter) => Hardware.WriteModelSpecificRegister(TscDeadline, counter);

    public static void EndOfInterrupt() => Write(EndOfInterruptRegister, 0);

    /// <summary>All the kernel's vectors lie in the last word of the request register.</summary>
    public static bool HasPendingInterrupt() => Read(RequestRegisterOfLastVectors) != 0;

    /// <summary>A fixed interrupt to one CPU. The command register is the sender's own, so no lock is needed.</summary>
    public static void SendInterrupt(uint apicId, int vector) => Send(apicId, (uint)vector);

    public static void SendNonMaskable(uint apicId) => Send(apicId, DeliverNonMaskable);

    private static void Send(uint apicId, uint command)
    {
        while ((Read(CommandLow) & DeliveryPending) != 0)
        {
            System.Runtime.Intrinsics.X86.X86Base.Pause();
        }
        Write(CommandHigh, apicId << 24);
        Write(CommandLow, command);
    }

    private static uint Read(int register) => Volatile.Read(ref *(uint*)(KernelLayout.LocalApic + (uint)register));

    private static void Write(int register, uint value) =>
        Volatile.Write(ref *(uint*)(KernelLayout.LocalApic + (uint)register), value);
}
