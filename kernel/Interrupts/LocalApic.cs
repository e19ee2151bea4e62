using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Panic;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// The local APIC in xAPIC mode, by its registers' byte offsets (Intel SDM vol. 3A, table 11-1). Each CPU has its own
/// behind the same address.
/// </summary>
internal static unsafe class LocalApic
{
    private const int VersionRegister = 0x030;
    private const int TaskPriority = 0x080;
    private const int EndOfInterruptRegister = 0x0b0;
    private const int LogicalDestination = 0x0d0;
    private const int DestinationFormat = 0x0e0;
    private const int SpuriousRegister = 0x0f0;
    private const int RequestRegisters = 0x200;
    private const int CorrectedErrorEntry = 0x2f0;
    private const int CommandLow = 0x300;
    private const int CommandHigh = 0x310;
    private const int TimerEntry = 0x320;
    private const int ThermalEntry = 0x330;
    private const int PerformanceEntry = 0x340;
    private const int Lint0Entry = 0x350;
    private const int Lint1Entry = 0x360;
    private const int ErrorEntry = 0x370;
    private const int InitialCount = 0x380;
    private const int DivideConfiguration = 0x3e0;

    private const uint FlatModel = uint.MaxValue;
    private const uint SoftwareEnable = 1 << 8;
    private const uint Masked = 1 << 16;
    private const uint DeliveryPending = 1 << 12;
    private const uint DeliverNonMaskable = 0b100 << 8;
    private const uint DivideByOne = 0b1011;
    private const uint TscDeadlineMode = 0b10 << 17;

    // Model-specific registers (Intel SDM vol. 3A, 11.5.4.1 and 11.4.4).
    private const uint TscDeadline = 0x6e0;
    private const uint BaseRegister = 0x1b;
    private const ulong X2Mode = 1 << 10;
    private const ulong Enabled = 1 << 11;

    private static ulong physicalAddress;

    /// <summary>Once for the cluster.</summary>
    public static void SetPhysicalAddress(ulong address) => physicalAddress = address;

    /// <summary>Whether the registers lie in this range of physical memory.</summary>
    public static bool Overlaps(ulong start, ulong bytes) =>
        start < physicalAddress + UserLayout.PageSize && physicalAddress < start + bytes;

    /// <summary>
    /// Every register that firmware may have set. No message reaches this CPU by a logical destination, no local interrupt
    /// is open but the timer, in the mode that compares the time-stamp counter or not, and perhaps the NMI pin.
    /// </summary>
    public static void Initialise(bool tscDeadline, bool takesNonMaskable)
    {
        if ((Hardware.ReadModelSpecificRegister(BaseRegister) & (Enabled | X2Mode)) != Enabled)
        {
            KernelPanic.OnStartup("the local APIC is off or in x2APIC mode");
        }
        Write(SpuriousRegister, SoftwareEnable | Vectors.Spurious);
        Write(TaskPriority, 0);
        Write(DestinationFormat, FlatModel);
        Write(LogicalDestination, 0);
        CloseLocalEntries();
        if (takesNonMaskable)
        {
            Write(Lint1Entry, DeliverNonMaskable);
        }
        Write(DivideConfiguration, DivideByOne);
        Write(TimerEntry, tscDeadline ? Vectors.Timer | TscDeadlineMode : Vectors.Timer);
        Write(InitialCount, 0);
        // Orders the mode before the first deadline, which is no memory access.
        Interlocked.MemoryBarrier();
    }

    /// <summary>All but the timer's, as far as this APIC has them (Intel SDM vol. 3A, 11.5.1 and 11.4.8).</summary>
    private static void CloseLocalEntries()
    {
        Write(Lint0Entry, Masked);
        Write(Lint1Entry, Masked);
        Write(ErrorEntry, Masked);
        uint last = Read(VersionRegister) >> 16 & 0xff;
        if (last >= 4)
        {
            Write(PerformanceEntry, Masked);
        }
        if (last >= 5)
        {
            Write(ThermalEntry, Masked);
        }
        if (last >= 6)
        {
            Write(CorrectedErrorEntry, Masked);
        }
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

    /// <summary>
    /// The same without what the cluster's own CPUs want: who waits for the cluster lock takes part in a rendezvous from
    /// there, and requests are served under that lock.
    /// </summary>
    public static bool HasPendingFromOutside()
    {
        const uint fromCluster = 1u << (Vectors.Request % 32) | 1u << (Vectors.Rendezvous % 32);
        const int last = Vectors.Count / 32 - 1;
        if ((Read(RequestRegisters + last * 16) & ~fromCluster) != 0)
        {
            return true;
        }
        for (int word = last - 1; word >= IrqVectors.LowestWordInUse; word--)
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
