using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;

namespace Skerry.Kernel.Objects;

/// <summary>
/// A thread. It belongs to the CPU <see cref="Cpu"/>, and only that CPU changes it while it can run; while it waits for
/// an endpoint of another CPU of the cluster, its registers belong to that CPU.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = ThreadLayout.Size)]
internal unsafe struct Thread
{
    [FieldOffset(ThreadLayout.Rsp)]
    public ulong Rsp;

    [FieldOffset(ThreadLayout.Rip)]
    public ulong Rip;

    /// <summary>Physical address of the root page table; 0: no address space, so it can't run.</summary>
    [FieldOffset(ThreadLayout.Root)]
    public ulong Root;

    [FieldOffset(ThreadLayout.Capabilities)]
    public Capability* Capabilities;

    [FieldOffset(ThreadLayout.CapabilityCount)]
    public uint CapabilityCount;

    /// <summary>Of the thread that runs in user mode it says nothing (<see cref="RunningThread"/>).</summary>
    [FieldOffset(ThreadLayout.State)]
    public ThreadState State;

    /// <summary>
    /// Its priority plus one, which is how <see cref="Kernel.Cpu.HighestReady"/> counts; 0: it has none, so it can't run.
    /// </summary>
    [FieldOffset(ThreadLayout.Rank)]
    public byte Rank;

    /// <summary>
    /// One more than its rank if <see cref="ServerReply"/> is its Reply object, else 0: beyond <see cref="Kernel.Cpu.HighestReady"/>
    /// if a call can be handed to it and nobody better is ready.
    /// </summary>
    [FieldOffset(ThreadLayout.ServerRank)]
    public byte ServerRank;

    [FieldOffset(ThreadLayout.Flags)]
    public ThreadFlags Flags;

    /// <summary>
    /// Its Reply object if a call can be handed to it, and answered by it, with no further question: it has no context of
    /// its own and no bound notification, and is not debugged. Else <see cref="Reply.None"/>. Follows from
    /// <see cref="Reply"/>, <see cref="OwnSchedContext"/>, <see cref="BoundNotification"/> and
    /// <see cref="ThreadFlags.Debugged"/>.
    /// </summary>
    [FieldOffset(ThreadLayout.ServerReply)]
    public Reply* ServerReply;

    /// <summary>Link of the one queue it stands in: a ready queue, or an endpoint's or notification's.</summary>
    [FieldOffset(ThreadLayout.Next)]
    public Thread* Next;

    /// <summary>The endpoint or notification whose queue it stands in.</summary>
    [FieldOffset(ThreadLayout.WaitingOn)]
    public void* WaitingOn;

    /// <summary>While it awaits a reply, and so stands in no queue: the Reply object that holds it.</summary>
    [FieldOffset(ThreadLayout.WaitingOn)]
    public Reply* AwaitedReply;

    // rax, rdi, rbx and r12 to r15 of a thread in a system call are its arguments, and then its results.
    [FieldOffset(ThreadLayout.Rax)]
    public ulong Rax;

    [FieldOffset(ThreadLayout.Rdi)]
    public ulong Rdi;

    /// <summary>rbx: the MessageInfo.</summary>
    [FieldOffset(ThreadLayout.Rbx)]
    public ulong Info;

    /// <summary>r12 to r15.</summary>
    [FieldOffset(ThreadLayout.R12)]
    public ulong Word0;

    [FieldOffset(ThreadLayout.R13)]
    public ulong Word1;

    [FieldOffset(ThreadLayout.R14)]
    public ulong Word2;

    [FieldOffset(ThreadLayout.R15)]
    public ulong Word3;

    [FieldOffset(ThreadLayout.Previous)]
    public Thread* Previous;

    // What only a full frame has.
    [FieldOffset(ThreadLayout.Rsi)]
    public ulong Rsi;

    [FieldOffset(ThreadLayout.Rdx)]
    public ulong Rdx;

    [FieldOffset(ThreadLayout.Rcx)]
    public ulong Rcx;

    [FieldOffset(ThreadLayout.R8)]
    public ulong R8;

    [FieldOffset(ThreadLayout.R9)]
    public ulong R9;

    [FieldOffset(ThreadLayout.R10)]
    public ulong R10;

    [FieldOffset(ThreadLayout.R11)]
    public ulong R11;

    [FieldOffset(ThreadLayout.Rbp)]
    public ulong Rbp;

    [FieldOffset(ThreadLayout.Rflags)]
    public ulong Rflags;

    /// <summary>Told with its faults, so that a pager knows it.</summary>
    [FieldOffset(ThreadLayout.Cookie)]
    public ulong Cookie;

    [FieldOffset(ThreadLayout.AddressSpace)]
    public AddressSpace* AddressSpace;

    /// <summary>Its message buffer in the direct map, or null.</summary>
    [FieldOffset(ThreadLayout.Buffer)]
    public MessageBuffer* Buffer;

    /// <summary>What it runs on, its own or lent. Null for a passive server that waits, and for the thread that runs in
    /// user mode, whose context is the one that its CPU charges (<see cref="RunningThread"/>).</summary>
    [FieldOffset(ThreadLayout.SchedContext)]
    public SchedContext* SchedContext;

    /// <summary>Where callers of this thread are kept until they are answered.</summary>
    [FieldOffset(ThreadLayout.Reply)]
    public Reply* Reply;

    /// <summary>The notification whose bits also end its Recv, or null.</summary>
    [FieldOffset(ThreadLayout.BoundNotification)]
    public Notification* BoundNotification;

    /// <summary>The scheduling context that SetScheduling gave it, which comes home when a call ends.</summary>
    [FieldOffset(ThreadLayout.OwnSchedContext)]
    public SchedContext* OwnSchedContext;

    /// <summary>The Reply object through which it borrowed its context, if that is no longer the one bound to it.</summary>
    [FieldOffset(ThreadLayout.BorrowedThrough)]
    public Reply* BorrowedThrough;

    /// <summary>Link of the list of another CPU that it was put into (Cluster/Requests).</summary>
    [FieldOffset(ThreadLayout.RequestNext)]
    public Thread* RequestNext;

    /// <summary>Badge that its message carries while it waits to send.</summary>
    [FieldOffset(ThreadLayout.SendBadge)]
    public ulong SendBadge;

    /// <summary>The message that tells of its fault while it is in state Faulted, or has one due.</summary>
    [FieldOffset(ThreadLayout.FaultLabel)]
    public FaultLabel FaultLabel;

    [FieldOffset(ThreadLayout.FaultWord0)]
    public ulong FaultWord0;

    [FieldOffset(ThreadLayout.FaultWord2)]
    public ulong FaultWord2;

    /// <summary>The bit of its priority in the ready queues' word of bits. Set with the priority.</summary>
    [FieldOffset(ThreadLayout.PriorityBit)]
    public ulong PriorityBit;

    /// <summary>What is a fault of this thread although it need not be one.</summary>
    [FieldOffset(ThreadLayout.Faults)]
    public ThreadFaults Faults;

    /// <summary>Index in the cluster of the CPU it belongs to.</summary>
    [FieldOffset(ThreadLayout.Cpu)]
    public byte Cpu;

    /// <summary>Capabilities the thread holds by itself: what they designate stays as long as the thread.</summary>
    [FieldOffset(ThreadLayout.CapTableBinding)]
    public Capability CapTableBinding;

    [FieldOffset(ThreadLayout.AddressSpaceBinding)]
    public Capability AddressSpaceBinding;

    [FieldOffset(ThreadLayout.BufferBinding)]
    public Capability BufferBinding;

    /// <summary>
    /// The control of its CPU by which it may run there, and up to which priority; empty exactly while
    /// <see cref="Rank"/> is 0. Under the cluster lock.
    /// </summary>
    [FieldOffset(ThreadLayout.ControlBinding)]
    public Capability ControlBinding;

    /// <summary>Addresses of its breakpoints, for DR0 to DR3.</summary>
    [FieldOffset(ThreadLayout.Breakpoints)]
    public fixed ulong Breakpoints[4];

    /// <summary>DR7 for them; 0 if it has none.</summary>
    [FieldOffset(ThreadLayout.DebugControl)]
    public ulong DebugControl;

    /// <summary>A debug exception follows each of its instructions.</summary>
    [FieldOffset(ThreadLayout.SingleSteps)]
    public bool SingleSteps;

    /// <summary>Of its last slow system call, if that gave way. Under the cluster lock.</summary>
    [FieldOffset(ThreadLayout.MadeAgain)]
    public CallMadeAgain MadeAgain;

    /// <summary>Slot in its own table of the endpoint that is told of its timeouts; 0: as of all its faults. See Faults.</summary>
    [FieldOffset(ThreadLayout.TimeoutHandler)]
    public uint TimeoutHandler;

    /// <summary>
    /// The context, and when its budget ended (<see cref="SchedContext.EndedAt"/>), of the Timeout that it told last; null if it
    /// has come to other time since, or was stopped. Compared only: it may be gone.
    /// </summary>
    [FieldOffset(ThreadLayout.ToldOf)]
    public SchedContext* ToldOf;

    [FieldOffset(ThreadLayout.ToldEnd)]
    public ulong ToldEnd;

    [FieldOffset(ThreadLayout.ExtendedState)]
    public byte ExtendedState;

    public const int SizeBits = 11;

    /// <summary>0 to 63; 63 is the highest.</summary>
    public byte Priority
    {
        readonly get => (byte)(Rank - 1);
        set
        {
            Rank = (byte)(value + 1);
            PriorityBit = 1ul << value;
            UpdateServerRank();
        }
    }

    /// <summary>After a change of what <see cref="ServerReply"/> follows from.</summary>
    public void UpdateServerReply()
    {
        ServerReply = Objects.Reply.None;
        ServerRank = 0;
        if (
            Reply != null
            && OwnSchedContext == null
            && BoundNotification == null
            && (Flags & ThreadFlags.Debugged) == 0
        )
        {
            ServerReply = Reply;
            UpdateServerRank();
        }
    }

    /// <summary>It has no priority any more.</summary>
    public void LosePriority()
    {
        Rank = 0;
        UpdateServerRank();
    }

    private void UpdateServerRank()
    {
        bool serves = ServerReply == Reply && Rank != 0;
        ServerRank = serves ? (byte)(Rank + 1) : (byte)0;
    }
}

[System.Flags]
internal enum ThreadFlags : byte
{
    None = 0,

    /// <summary>All registers are saved, so it resumes by iretq and its extended state is loaded.</summary>
    FullFrame = ThreadLayout.FullFrameFlag,

    /// <summary>It waits with a Call and so wants a reply, not just delivery.</summary>
    WantsReply = 2,

    /// <summary>The endpoint capability it sends through allows capabilities to be sent along.</summary>
    MayGrant = 4,

    /// <summary>What waits in the endpoint's queue is its fault, not its registers.</summary>
    SendsFault = 8,

    /// <summary>It stands in a list of the ready queues; the foremost does not.</summary>
    Queued = 16,

    /// <summary>It stands in the request list of a CPU (Cluster/Requests).</summary>
    Handed = 32,

    /// <summary>It has breakpoints or single step: no fastpath leads to it (Scheduling/Debugging).</summary>
    Debugged = 64,

    /// <summary>
    /// It has caused an exception, or has no time and wants that told, a Timeout: told before it goes on in user mode
    /// (Faults.Note).
    /// </summary>
    FaultDue = 128,

    /// <summary>Only the slow ways out of the kernel know what is to be done before it runs.</summary>
    LeftToSlowly = Debugged | FaultDue,
}
