using System.Runtime.CompilerServices;
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
    private const int RequestRegisters = 0x200;
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

    private const ulong PageBytes = 0x1000;

    private static ulong physicalAddress;

    /// <summary>Once for the cluster.</summary>
    public static void SetPhysicalAddress(ulong address) => physicalAddress = address;

    /// <summary>Whether the registers lie in this range of physical memory.</summary>
    public static bool Overlaps(ulong start, ulong bytes) =>
        start < physicalAddress + PageBytes && physicalAddress < start + bytes;

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

    /// <summary>Words of 32 vectors of the request register, 16 bytes apart; only those that have vectors in use are read.</summary>
    public static bool HasPendingInterrupt()
    {
        for (int word = Vectors.Count / 32 - 1; word >= IrqVectors.LowestWordInUse; word--)
        {
            if (Read(RequestRegisters + word * 16) != 0)
            {
                return true;
            }
        }
        return false;
    }

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(int register, uint value) =>
        Volatile.Write(ref *(uint*)(KernelLayout.LocalApic + (uint)register), value);
}
