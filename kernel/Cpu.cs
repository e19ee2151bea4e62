using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Skerry.Kernel.Tracing;

namespace Skerry.Kernel;

/// <summary>
/// What one CPU's kernel knows. Only that CPU touches it, or the holder of the cluster lock while it stands still; but
/// for <see cref="Shared"/>, which has lines of its own, what is under the cluster lock, and what others read:
/// CurrentRoot and LastUserRoot, to see whether they must ask for a TLB flush or for the root to be forgotten, Parked,
/// and the counters.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct Cpu
{
    /// <summary>The thread that runs, or null while the CPU idles.</summary>
    [FieldOffset(CpuLayout.Current)]
    public Thread* Current;

    [FieldOffset(CpuLayout.KernelStack)]
    public ulong KernelStack;

    [FieldOffset(CpuLayout.Self)]
    public Cpu* Self;

    /// <summary>Physical address of the root table in CR3. Others read it when they take a mapping away.</summary>
    [FieldOffset(CpuLayout.CurrentRoot)]
    public ulong CurrentRoot;

    /// <summary>Priority of the best ready thread plus one; 0 if none is ready.</summary>
    [FieldOffset(CpuLayout.HighestReady)]
    public uint HighestReady;

    /// <summary>The same as one byte, of which the compiler makes one instruction less where it is compared with another byte.</summary>
    [FieldOffset(CpuLayout.HighestReady)]
    public byte HighestReadyByte;

    /// <summary>Index in the cluster.</summary>
    [FieldOffset(CpuLayout.Index)]
    public uint Index;

    /// <summary>MXCSR as after reset (Intel SDM vol. 1, 10.2.3), for the stubs to load.</summary>
    [FieldOffset(CpuLayout.InitialMxcsr)]
    public uint InitialMxcsr;

    /// <summary>As <see cref="HighestReady"/>, of those that stand in a list (<see cref="ReadyQueues"/>).</summary>
    [FieldOffset(CpuLayout.HighestListed)]
    public uint HighestListed;

    /// <summary>Messages that the fastpath took.</summary>
    [FieldOffset(CpuLayout.FastMessages)]
    public ulong FastMessages;

    /// <summary>
    /// Of the capability that a message of the fastpath came through, on its way to the receiver; and the bits of a
    /// fast Signal, Poll or Wait, on their way to who takes them.
    /// </summary>
    [FieldOffset(CpuLayout.Badge)]
    public ulong Badge;

    /// <summary>Where an entry stub keeps a register for a moment.</summary>
    [FieldOffset(CpuLayout.Scratch)]
    public ulong Scratch;

    /// <summary>And the vector that it came for.</summary>
    [FieldOffset(CpuLayout.Vector)]
    public ulong Vector;

    /// <summary>Further system calls that the fastpath took, neither messages nor signals.</summary>
    [FieldOffset(CpuLayout.ShortCalls)]
    public ulong ShortCalls;

    /// <summary>The context whose time runs: of the thread that runs in user mode it is the context.</summary>
    [FieldOffset(CpuLayout.Charged)]
    public SchedContext* Charged;

    [FieldOffset(CpuLayout.Ready)]
    public ReadyQueues Ready;

    /// <summary>The first of all that are ready; null if nobody is, or he stands in a list (<see cref="ReadyQueues"/>).</summary>
    [FieldOffset(CpuLayout.Foremost)]
    public Thread* Foremost;

    /// <summary>Contexts that wait for their refill, the earliest first.</summary>
    [FieldOffset(CpuLayout.Refills)]
    public SchedContext* Refills;

    /// <summary>Time-stamp counter since when the charged context's time runs.</summary>
    [FieldOffset(CpuLayout.ChargedSince)]
    public ulong ChargedSince;

    /// <summary>
    /// Time-stamp counter one before <see cref="TimerSetFor"/>: less the time now, it tells of how many more ticks are to pass
    /// first, and of very many if the timer is due.
    /// </summary>
    [FieldOffset(CpuLayout.LastTick)]
    public ulong LastTick;

    /// <summary>Signals that the fastpath took.</summary>
    [FieldOffset(CpuLayout.FastSignals)]
    public ulong FastSignals;

    [FieldOffset(CpuLayout.ApicId)]
    public uint ApicId;

    /// <summary>
    /// The current thread is at the start of a system call and waits for the cluster lock: whoever stops it there sets it
    /// back to make the call again.
    /// </summary>
    [FieldOffset(CpuLayout.CallNotBegun)]
    public bool CallNotBegun;

    /// <summary>
    /// The timer may have to come earlier than it is set for. Whoever asks, in work without a bound, whether an interrupt
    /// waits, sees to this first: the timer's would not come.
    /// </summary>
    [FieldOffset(CpuLayout.TimerIsStale)]
    public bool TimerIsStale;

    [FieldOffset(CpuLayout.HasAvx)]
    public bool HasAvx;

    [FieldOffset(CpuLayout.HasXsave)]
    public bool HasXsave;

    /// <summary>Since when it waits for the cluster lock, in numbers that are given in turn; 0: it does not (ClusterLock).</summary>
    [FieldOffset(CpuLayout.LockClaim)]
    public ulong LockClaim;

    /// <summary>The revoke of one of its threads that is under way. Under the cluster lock.</summary>
    [FieldOffset(CpuLayout.Revoke)]
    public RevokeNote Revoke;

    /// <summary>Holds the notification that doorbells signal.</summary>
    [FieldOffset(CpuLayout.DoorbellBinding)]
    public Capability DoorbellBinding;

    /// <summary>A handler for each of the device vectors (IrqHandlers).</summary>
    [FieldOffset(CpuLayout.Irqs)]
    public IrqHandler* Irqs;

    /// <summary>No thread runs here. Set by another CPU of the cluster while this one stands still.</summary>
    [FieldOffset(CpuLayout.Parked)]
    public bool Parked;

    /// <summary>The device vector that was given away last.</summary>
    [FieldOffset(CpuLayout.LastIrqVector)]
    public byte LastIrqVector;

    /// <summary>As LocalApic has it, for the trap door.</summary>
    [FieldOffset(CpuLayout.HasX2Apic)]
    public bool HasX2Apic;

    /// <summary>The debugged thread whose breakpoints are loaded (Scheduling/Debugging), or null.</summary>
    [FieldOffset(CpuLayout.DebugOwner)]
    public Thread* DebugOwner;

    /// <summary>How many holds of the lock's owner keep this CPU standing still. Under the cluster lock.</summary>
    [FieldOffset(CpuLayout.TimesHeld)]
    public uint TimesHeld;

    /// <summary>This block's address in the direct map, which links of the derivation tree to slots in it need.</summary>
    [FieldOffset(CpuLayout.Direct)]
    public Cpu* Direct;

    [FieldOffset(CpuLayout.Shared)]
    public SharedState Shared;

    /// <summary>What is counted in no field of its own, by <see cref="CpuCounter"/>.</summary>
    [FieldOffset(CpuLayout.Counters)]
    public CounterList Counters;

    // Two of them by themselves, for the paths of a page fault: an index costs the compiler two instructions.
    [FieldOffset(CpuLayout.Counters + (int)CpuCounter.FaultsDelivered * sizeof(ulong))]
    public ulong FaultsDelivered;

    [FieldOffset(CpuLayout.Counters + (int)CpuCounter.FastMappings * sizeof(ulong))]
    public ulong FastMappings;

    [FieldOffset(CpuLayout.Trace)]
    public TraceState Trace;

    [FieldOffset(CpuLayout.Mitigations)]
    public MitigationState Mitigations;

    /// <summary>Of the cluster's first CPU: holds nobody, ever (<see cref="Reply.None"/>).</summary>
    [FieldOffset(CpuLayout.NoReply)]
    public Reply NoReply;

    public const int Size = CpuLayout.Revoke + 128;

    /// <summary>Time-stamp counter at which the timer comes, or DeadlineTimer.Never.</summary>
    public ulong TimerSetFor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => LastTick + 1;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => LastTick = value - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Count(CpuCounter counter) => Counters[(int)counter]++;

    /// <summary>What other CPUs of the cluster write, and, on a line of its own, what this one tells them.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    internal struct SharedState
    {
        /// <summary>Threads that other CPUs hand over, newest first; atomic.</summary>
        [FieldOffset(CpuLayout.RequestHead - CpuLayout.Shared)]
        public ulong RequestHead;

        /// <summary>Notifications of this CPU with remote bits, newest first; atomic.</summary>
        [FieldOffset(CpuLayout.SignalHead - CpuLayout.Shared)]
        public ulong SignalHead;

        /// <summary>What the first list counts (Requests), while there are any. Under the cluster lock.</summary>
        [FieldOffset(CpuLayout.RequestCount - CpuLayout.Shared)]
        public uint RequestCount;

        /// <summary>
        /// Notifications in the second list, while there are any; off by a few where interrupts add some, which do not have the
        /// cluster lock.
        /// </summary>
        [FieldOffset(CpuLayout.SignalCount - CpuLayout.Shared)]
        public uint SignalCount;

        /// <summary>What another CPU wants of this one at a rendezvous.</summary>
        [FieldOffset(CpuLayout.RendezvousRequest - CpuLayout.Shared)]
        public uint RendezvousRequest;

        /// <summary>Set by this CPU while it stands still.</summary>
        [FieldOffset(CpuLayout.RendezvousReached - CpuLayout.Shared)]
        public uint RendezvousReached;

        /// <summary>The claim of <see cref="Kernel.Cpu.LockClaim"/> while this CPU stands and waits; else 0.</summary>
        [FieldOffset(CpuLayout.LockClaimTold - CpuLayout.Shared)]
        public ulong LockClaim;
    }

    /// <summary>What the mitigated doors need (kernel/Entry/RootCode, BarrierCode). All 0 without mitigations.</summary>
    [StructLayout(LayoutKind.Explicit, Size = Size)]
    internal struct MitigationState
    {
        public const int Size = 64;

        /// <summary>CR3 in the kernel, whatever address space is the current one: root and PCID, and nothing to be flushed.</summary>
        [FieldOffset(CpuLayout.KernelRoot - CpuLayout.Mitigations)]
        public ulong KernelRoot;

        /// <summary>
        /// CurrentRoot with these bits is CR3 in user mode: the address space's second root, PCID, and bit 63 unless a flush is
        /// due.
        /// </summary>
        [FieldOffset(CpuLayout.UserRootBits - CpuLayout.Mitigations)]
        public ulong UserRootBits;

        /// <summary>The address space that ran in user mode last.</summary>
        [FieldOffset(CpuLayout.LastUserRoot - CpuLayout.Mitigations)]
        public ulong LastUserRoot;

        /// <summary>End of the stack that the hardware pushes on when user mode is interrupted.</summary>
        [FieldOffset(CpuLayout.EntryStack - CpuLayout.Mitigations)]
        public ulong EntryStack;

        /// <summary>Last byte of the root bits when no flush is due.</summary>
        [FieldOffset(CpuLayout.NoFlush - CpuLayout.Mitigations)]
        public byte NoFlush;

        [FieldOffset(CpuLayout.HasPredictorBarrier - CpuLayout.Mitigations)]
        public bool HasPredictorBarrier;

        /// <summary>A segment that may be written, as VERW wants it.</summary>
        [FieldOffset(CpuLayout.DataSelector - CpuLayout.Mitigations)]
        public ushort DataSelector;

        /// <summary>
        /// Not 0: before another PD runs there is more to do than what there always is, a barrier of the predictor or words of
        /// an interrupted thread.
        /// </summary>
        [FieldOffset(CpuLayout.BarrierWork - CpuLayout.Mitigations)]
        public byte BarrierWork;
    }

    [InlineArray((int)CpuCounter.Count)]
    internal struct CounterList
    {
        private ulong _value;
    }
}
