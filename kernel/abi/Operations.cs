namespace Skerry.Abi;

// The labels of Invoke, per object type. `own` is the caller's own capability table; slots are 32-bit indices into it, or
// name a slot of a nested table in their short form (docs/abi.md, capability addresses).
// Words 0 to 3 are r12 to r15. Packed words are written low half first: (a, b) = a | b << 32.

/// <summary>Operations of Untyped.</summary>
public enum UntypedOperation : ulong
{
    /// <summary>
    /// Make objects. word 0: (ObjectType | sizeBits &lt;&lt; 8 | cpu &lt;&lt; 16, count); word 1: (slot of the
    /// destination CapTable, first destination slot); word 2: pages of each Frame. sizeBits: log2 bytes of an Untyped,
    /// log2 slots of a CapTable. cpu: the CPU, by index in the cluster, that owns a Thread, Endpoint, Reply or
    /// Notification. New memory is zero.
    /// </summary>
    Retype = 1,

    /// <summary>Out: word 0 physical address, word 1 log2 of its bytes, word 2 bytes in use.</summary>
    Query = 2,

    /// <summary>Begin anew, of memory without children, as the next Retype would.</summary>
    Reset = 3,

    /// <summary>
    /// Zero what the next objects are made of, up to word 0 (bytes from the start, at most the whole memory), so that Retype
    /// need not: who must not be away for long makes much memory ready with several calls.
    /// </summary>
    Zero = 4,
}

/// <summary>Operations of CapTable. The invoked table holds the destination or the slot worked on.</summary>
public enum CapTableOperation : ulong
{
    /// <summary>word 0: (destination slot, slot of the source CapTable); word 1: (source slot, rights kept).</summary>
    Copy = 1,

    /// <summary>As Copy, with word 2: the badge. Only of an unbadged Endpoint or Notification.</summary>
    Mint = 2,

    /// <summary>word 0: (destination slot, slot of the source CapTable); word 1: (source slot, 0).</summary>
    Move = 3,

    /// <summary>word 0: slot. The object goes with its last capability.</summary>
    Delete = 4,

    /// <summary>word 0: slot. Deletes all that was derived from it.</summary>
    Revoke = 5,

    /// <summary>
    /// word 0: (slot, slot of the other slot's CapTable); word 1: (other slot, 0). Both hold a capability.
    /// </summary>
    Swap = 6,
}

/// <summary>Operations of PageTable.</summary>
public enum PageTableOperation : ulong
{
    /// <summary>
    /// word 0: slot of the AddressSpace; word 1: virtual address; word 2: level: 3 under the root (512 GiB),
    /// 2 (1 GiB), 1 (2 MiB).
    /// </summary>
    Map = 1,

    /// <summary>Take the table, and so all that is mapped below it, out of its address space.</summary>
    Unmap = 2,
}

/// <summary>
/// Operations of Frame. A frame is a run of 4 KiB pages. Each capability records one window: the address space and the
/// virtual address its page 0 has there; its pages are mapped into that window one by one or many at a time, as pages of
/// 4 KiB or larger ones.
/// </summary>
public enum FrameOperation : ulong
{
    /// <summary>
    /// word 0: (slot of the AddressSpace, PageAttributes); word 1: virtual address of the first page to map; word 2: its
    /// offset in the frame, bytes; word 3: pages of the attributes' size, 1 to 256. Out: word 0: pages mapped (stops at
    /// the end of a page table: go on from there). A page that is mapped there already gets the new attributes.
    /// </summary>
    Map = 1,

    /// <summary>
    /// Take every page of the window out of its address space and forget the window. Until it has ended, Map is
    /// InvalidState.
    /// </summary>
    Unmap = 2,

    /// <summary>word 0: (slot of the destination CapTable, slot); word 1: offset, bytes; word 2: pages. A part of it.</summary>
    Derive = 3,

    /// <summary>Out: word 0 physical address, word 1 pages, word 2 virtual address of the window, 0 for none.</summary>
    Query = 4,
}

/// <summary>Operations of AddressSpace.</summary>
public enum AddressSpaceOperation : ulong
{
    /// <summary>word 0: slot of the CapTable that holds the endpoint for faults on each CPU (FaultTable.SlotFor).</summary>
    SetFaultTable = 1,

    /// <summary>
    /// word 0: virtual address. Out: word 0 physical address that its 4 KiB have, word 1 PageAttributes of the page that
    /// they are in; NotMapped if none.
    /// </summary>
    Query = 2,
}

/// <summary>Operations of Thread.</summary>
public enum ThreadOperation : ulong
{
    /// <summary>word 0: (slot of its CapTable, slot of its AddressSpace); word 1: cookie, told with its faults.</summary>
    SetSpaces = 1,

    /// <summary>
    /// word 0: (priority 0 to 63, slot of its SchedContext or 0 for a passive thread); word 1: slot of a SchedControl of its
    /// CPU that reaches up to the priority. That may be 0 if the thread gets no more than it has: no higher priority than
    /// its last control gave it, and no other context.
    /// </summary>
    SetScheduling = 2,

    /// <summary>word 0: slot of the Reply object that holds the callers of this thread.</summary>
    SetReply = 3,

    /// <summary>word 0: slot of a Frame of the cluster's own memory; word 1: offset of the message buffer's page in it.</summary>
    SetBuffer = 4,

    /// <summary>word 0: instruction pointer; word 1: stack pointer; word 2: rdi.</summary>
    WriteRegisters = 5,

    /// <summary>Out: word 0 instruction pointer, word 1 stack pointer, word 2 rflags, word 3 ThreadState.</summary>
    ReadRegisters = 6,

    /// <summary>Make an inactive thread ready to run.</summary>
    Resume = 7,

    /// <summary>Stop it wherever it is; a wait it is in ends with Cancelled when it resumes.</summary>
    Suspend = 8,

    /// <summary>word 0: slot of a Notification that also ends this thread's Recv; 0 unbinds.</summary>
    BindNotification = 9,

    /// <summary>word 0: priority 0 to 63; word 1: slot of a SchedControl, as for SetScheduling.</summary>
    SetPriority = 10,

    /// <summary>
    /// word 0: slot of a SchedControl, to whose CPU the thread moves with its Reply object and its scheduling context, and
    /// from which it has its priority and its time from then on. A receive or wait it is in ends with WrongCpu. InvalidState while it holds a caller or runs on lent time, or with a
    /// notification bound; NoSchedulingContext for a passive thread that receives.
    /// </summary>
    SetCpu = 11,

    /// <summary>
    /// Of another thread than the caller. Out: its registers (<see cref="RegisterWords"/>), from word 4 on in the caller's
    /// message buffer; MessageTooLong without one.
    /// </summary>
    ReadAllRegisters = 12,

    /// <summary>
    /// words 0 to 3, and the caller's message buffer: <see cref="RegisterWords"/>. Of another thread than the caller that is
    /// inactive, ready, running or faulted, else InvalidState.
    /// </summary>
    WriteAllRegisters = 13,

    /// <summary>
    /// word 0: <see cref="ThreadFaults"/>; word 1: slot, in the thread's own table, of the endpoint that is told of its
    /// timeouts, 0 for its pager's.
    /// </summary>
    SetFaults = 14,

    /// <summary>
    /// word 0: (index 0 to 3, <see cref="BreakpointKind"/> | length &lt;&lt; 8); word 1: address, of user memory, a multiple
    /// of the length, which is 1, 2, 4 or 8 bytes. Where it strikes is a fault (<see cref="FaultLabel.Debug"/>).
    /// </summary>
    SetBreakpoint = 15,

    /// <summary>word 0: index.</summary>
    ClearBreakpoint = 16,

    /// <summary>
    /// word 0: 1 or 0. Behind each instruction of the thread is a fault (<see cref="FaultLabel.Debug"/>); a system call and
    /// the instruction behind it count as one.
    /// </summary>
    SetSingleStep = 17,
}

/// <summary>Operations of SchedContext.</summary>
public enum SchedContextOperation : ulong
{
    /// <summary>
    /// word 0: budget, word 1: period, both in microseconds; a period of 0 refills at once (round robin); word 2: slot of
    /// the SchedControl that the time is drawn from. OutOfTime if that has not as much left, MissingRight if it never had;
    /// WrongCpu if it is not of the CPU of the thread that has the context.
    /// </summary>
    Configure = 1,

    /// <summary>Out: word 0: TSC ticks that ran on it up to now.</summary>
    Consumed = 2,

    /// <summary>
    /// The ready thread that has this context, of the same CPU and the caller's priority, runs next, and the caller
    /// goes last, with what is left of its slice. Out: as Consumed. InvalidState if no thread is ready on it,
    /// WrongCpu, InvalidArgument: another priority.
    /// </summary>
    YieldTo = 3,
}

/// <summary>Operations of SchedControl.</summary>
public enum SchedControlOperation : ulong
{
    /// <summary>
    /// word 0: (slot of the destination CapTable, slot); word 1: (highest priority, share in <see cref="SchedShare"/>s). A
    /// child of the same CPU, with no more than the invoked one has (MissingRight) and has left (OutOfTime). InvalidState:
    /// there are <see cref="SchedShare.MaximumDepth"/> above it already.
    /// </summary>
    Derive = 1,

    /// <summary>
    /// Out: word 0 index of the CPU in the cluster, word 1 highest priority, word 2 share, word 3 how much of that is handed
    /// out: 0 of the whole, which is never used up.
    /// </summary>
    Query = 2,
}

/// <summary>Operations of Endpoint.</summary>
public enum EndpointOperation : ulong
{
    /// <summary>word 0: slot of another Endpoint, held with Receive: take over its group (see MessageBuffer).</summary>
    JoinGroup = 1,

    /// <summary>
    /// All who wait to send, or to call, with the badge of the invoked capability end with Cancelled. Needs all rights.
    /// word 3: 0.
    /// </summary>
    CancelBadgedSends = 2,
}

/// <summary>Operations of DoorbellControl.</summary>
public enum DoorbellControlOperation : ulong
{
    /// <summary>word 0: (slot of the destination CapTable, slot); word 1: APIC id of the CPU to ring.</summary>
    Make = 1,
}

/// <summary>Operations of MemoryControl.</summary>
public enum MemoryControlOperation : ulong
{
    /// <summary>
    /// word 0: (slot of the destination CapTable, slot); word 1: physical address; word 2: pages. Refused for memory of
    /// the own cluster.
    /// </summary>
    MakeFrame = 1,
}

/// <summary>Operations of CpuControl.</summary>
public enum CpuControlOperation : ulong
{
    /// <summary>word 0: slot of the Notification signalled when a doorbell of this CPU rings.</summary>
    BindDoorbell = 1,

    /// <summary>word 0: first CpuCounter. Out: words 0 to 3: the values of it and the following three.</summary>
    ReadCounters = 2,

    /// <summary>
    /// From when this returns, no thread runs on the CPU. Its ready threads stay ready, and it goes on taking part in
    /// what its cluster asks of it. Refused for the caller's own CPU (WrongCpu), so one is always left.
    /// </summary>
    Park = 3,

    /// <summary>Lets a parked CPU run threads again.</summary>
    Wake = 4,

    /// <summary>Out: word 0 <see cref="CpuState"/>, word 1 index in the cluster, word 2 APIC id.</summary>
    Query = 5,

    /// <summary>
    /// word 0: slot of a Frame with Write, of the cluster's own memory, of a power of two of pages (TraceRing): from the
    /// CPU's next kernel entry on there is a record of each. InvalidState if the CPU is traced already.
    /// </summary>
    StartTrace = 6,

    /// <summary>End it; so does the end of the Frame's capability. InvalidState if the CPU is not traced.</summary>
    StopTrace = 7,
}

/// <summary>
/// Operations of IoPorts. word 0: port; word 1: value out. Out: word 0: value in. An access of 2 or 4 bytes lies in the
/// range as a whole.
/// </summary>
public enum IoPortsOperation : ulong
{
    In8 = 1,
    Out8 = 2,
    In32 = 3,
    Out32 = 4,
    In16 = 5,
    Out16 = 6,

    /// <summary>word 0: (slot of the destination CapTable, slot); word 1: first port; word 2: count. A part of it.</summary>
    Derive = 7,
}
