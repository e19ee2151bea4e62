using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Panic;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// The local APIC by its registers' byte offsets (Intel SDM vol. 3A, table 11-1), in the mode that bootstrap has put all
/// CPUs into. Each CPU has its own behind the same address or, in x2APIC mode, the same model-specific registers.
/// </summary>
internal static unsafe class LocalApic
{
    private const int VersionRegister = 0x030;
    private const int TaskPriority = 0x080;
    private const int LogicalDestination = 0x0d0;
    private const int DestinationFormat = 0x0e0;
    private const int SpuriousRegister = 0x0f0;
    private const int RequestRegisters = 0x200;
    private const int LastWord = Vectors.Count / 32 - 1;
    private const int CorrectedErrorEntry = 0x2f0;
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

    /// <summary>A model-specific register (Intel SDM vol. 3A, 11.5.4.1).</summary>
    private const uint TscDeadline = 0x6e0;

    /// <summary>APIC ids that can be sent to; the next one is all CPUs (Intel SDM vol. 3A, 11.6.2.1, 11.12.9).</summary>
    private const uint LargestNarrowId = 254;
    private const uint LargestWideId = uint.MaxValue - 1;

    private static ulong physicalAddress;

    /// <summary>Whether the mode is x2APIC: asked at each access (docs/decisions/0095).</summary>
    public static bool IsX2 => Mode.IsX2;

    /// <summary>The largest id of a CPU that can be interrupted.</summary>
    public static uint LargestApicId => IsX2 ? LargestWideId : LargestNarrowId;

    /// <summary>Once for the cluster, on its first CPU, whose mode is that of all.</summary>
    public static void Choose(ulong address)
    {
        physicalAddress = address;
        Mode.IsX2 = LocalApicMode.IsX2(Hardware.ReadModelSpecificRegister(LocalApicMode.BaseRegister));
    }

    /// <summary>Whether the registers lie in this range of physical memory.</summary>
    public static bool Overlaps(ulong start, ulong bytes) =>
        start < physicalAddress + UserLayout.PageSize && physicalAddress < start + bytes;

    /// <summary>
    /// Every register that firmware may have set. No message reaches this CPU by a logical destination, no local interrupt
    /// is open but the timer, in the mode that compares the time-stamp counter or not, and perhaps the NMI pin.
    /// </summary>
    public static void Initialise(bool tscDeadline, bool takesNonMaskable)
    {
        ulong mode = Hardware.ReadModelSpecificRegister(LocalApicMode.BaseRegister);
        if (!(IsX2 ? LocalApicMode.IsX2(mode) : LocalApicMode.IsXApic(mode)))
        {
            KernelPanic.OnStartup("the local APIC is off, or in another mode than those of the cluster's other CPUs");
        }
        Write(SpuriousRegister, SoftwareEnable | Vectors.Spurious);
        Write(TaskPriority, 0);
        if (!IsX2)
        {
            // In x2APIC mode the logical destination follows from the id (Intel SDM vol. 3A, 11.12.10.2).
            Write(DestinationFormat, FlatModel);
            Write(LogicalDestination, 0);
        }
        CloseLocalEntries();
        if (takesNonMaskable)
        {
            Write(Lint1Entry, DeliverNonMaskable);
        }
        Write(DivideConfiguration, DivideByOne);
        Write(TimerEntry, tscDeadline ? Vectors.Timer | TscDeadlineMode : Vectors.Timer);
        Write(InitialCount, 0);
        // Orders the mode before the first deadline, which is no memory access. In x2APIC mode both are none, in order.
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

    /// <summary>One-shot, in undivided timer ticks; 0 stops it. Not in x2APIC mode.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetTimer(uint ticks) => WriteMemory(InitialCount, ticks);

    /// <summary>The same in x2APIC mode.</summary>
    public static void SetTimerRegister(uint ticks) => WriteRegister(InitialCount, ticks);

    /// <summary>In TSC-deadline mode: the time-stamp counter at which the timer comes; 0 stops it.</summary>
    public static void SetDeadline(ulong counter) => Hardware.WriteModelSpecificRegister(TscDeadline, counter);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndOfInterrupt()
    {
        if (IsX2)
        {
            WriteRegister(LocalApicMode.EndOfInterrupt, 0);
            return;
        }
        WriteMemory(LocalApicMode.EndOfInterrupt, 0);
    }

    /// <summary>The same.</summary>
    /// <returns>What it is given, so that the caller keeps nothing across a call.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* EndOfInterrupt(void* answer)
    {
        if (IsX2)
        {
            return EndByRegister(answer);
        }
        WriteMemory(LocalApicMode.EndOfInterrupt, 0);
        return answer;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void* EndByRegister(void* answer)
    {
        WriteRegister(LocalApicMode.EndOfInterrupt, 0);
        return answer;
    }

    /// <summary>The same, and not before what this CPU has written to other devices: an I/O APIC, whose line it ends.</summary>
    public static void EndOfLevel()
    {
        if (IsX2)
        {
            Hardware.WriteModelSpecificRegisterInOrder(LocalApicMode.RegisterOf(LocalApicMode.EndOfInterrupt), 0);
            return;
        }
        WriteMemory(LocalApicMode.EndOfInterrupt, 0);
    }

    /// <summary>Words of 32 vectors of the request register, 16 bytes apart; only those that have vectors in use are read.</summary>
    public static bool HasPendingInterrupt()
    {
        if (IsX2)
        {
            return HasPendingInRegisters(ignored: 0);
        }
        for (int word = LastWord; word >= IrqVectors.LowestWordInUse; word--)
        {
            if (ReadMemory(RequestRegisters + word * 16) != 0)
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
        if (IsX2)
        {
            return HasPendingInRegisters(fromCluster);
        }
        if ((ReadMemory(RequestRegisters + LastWord * 16) & ~fromCluster) != 0)
        {
            return true;
        }
        for (int word = LastWord - 1; word >= IrqVectors.LowestWordInUse; word--)
        {
            if (ReadMemory(RequestRegisters + word * 16) != 0)
            {
                return true;
            }
        }
        return false;
    }

    /// <param name="ignored">Vectors of the last word that do not count.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasPendingInRegisters(uint ignored)
    {
        uint found = ReadRegister(RequestRegisters + LastWord * 16) & ~ignored;
        for (int word = LastWord - 1; word >= IrqVectors.LowestWordInUse && found == 0; word--)
        {
            found = ReadRegister(RequestRegisters + word * 16);
        }
        return found != 0;
    }

    /// <summary>A fixed interrupt to one CPU. The command register is the sender's own, so no lock is needed.</summary>
    public static void SendInterrupt(uint apicId, int vector) => Send(apicId, (uint)vector);

    public static void SendNonMaskable(uint apicId) => Send(apicId, DeliverNonMaskable);

    private static void Send(uint apicId, uint command)
    {
        if (IsX2)
        {
            // The receiver sees what was written before: a write to an x2APIC waits for no memory by itself.
            Hardware.WriteModelSpecificRegisterInOrder(
                LocalApicMode.RegisterOf(LocalApicMode.Command),
                LocalApicMode.WideCommand(apicId, command)
            );
            return;
        }
        while ((ReadMemory(LocalApicMode.Command) & DeliveryPending) != 0)
        {
            System.Runtime.Intrinsics.X86.X86Base.Pause();
        }
        WriteMemory(LocalApicMode.CommandHigh, LocalApicMode.NarrowDestination(apicId));
        WriteMemory(LocalApicMode.Command, command);
    }

    private static uint Read(int register) => IsX2 ? ReadRegister(register) : ReadMemory(register);

    private static void Write(int register, uint value)
    {
        if (IsX2)
        {
            WriteRegister(register, value);
            return;
        }
        WriteMemory(register, value);
    }

    private static uint ReadRegister(int register) =>
        (uint)Hardware.ReadModelSpecificRegister(LocalApicMode.RegisterOf(register));

    private static void WriteRegister(int register, uint value) =>
        Hardware.WriteModelSpecificRegister(LocalApicMode.RegisterOf(register), value);

    private static uint ReadMemory(int register) =>
        Volatile.Read(ref *(uint*)(KernelLayout.LocalApic + (uint)register));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteMemory(int register, uint value) =>
        Volatile.Write(ref *(uint*)(KernelLayout.LocalApic + (uint)register), value);

    /// <summary>Alone at the start of its statics, where the compiler compares it in one instruction less.</summary>
    private static class Mode
    {
        public static bool IsX2;
    }
}
