namespace Skerry.Abi;

/// <summary>
/// What holds of the kernel's memory whenever no CPU is in the midst of a change; checked by kernel/Checking. The number
/// is what a program of the checked kernel sees.
/// </summary>
public enum CheckedRule : ulong
{
    None = 0,

    // The derivation tree.

    /// <summary>A link points out of the cluster's memory.</summary>
    TreeLinkOutside = 1,

    /// <summary>A link is not answered by the slot that it names; so circles show too.</summary>
    TreeLinksDisagree = 2,

    /// <summary>An empty slot is in the tree.</summary>
    TreeEmptySlot = 3,

    /// <summary>The marks of the first or last child are wrong.</summary>
    TreeMarks = 4,

    /// <summary>A capability of a type that there is not.</summary>
    TypeUnknown = 5,

    /// <summary>Capabilities of one object do not stand next to each other.</summary>
    CapabilitiesApart = 6,

    /// <summary>A copy designates something else than what it was derived from.</summary>
    CopyOfOther = 7,

    /// <summary>A copy has more rights than what it was derived from.</summary>
    CopyRights = 8,

    /// <summary>A used slot of a table is not in the tree.</summary>
    SlotNotInTree = 9,

    /// <summary>The tree has slots that lie in no living table or object, or lacks some that do.</summary>
    SlotCount = 10,

    /// <summary>An empty slot still has links or data.</summary>
    EmptySlotNotClean = 11,

    /// <summary>The slot in an object is marked as one of another kind or place.</summary>
    BindingPlace = 12,

    /// <summary>More objects than the check has room for.</summary>
    TooManyObjects = 13,

    /// <summary>The word of a capability has marks that do not follow from its type and rights.</summary>
    CapabilityMarks = 14,

    /// <summary>What is being deleted is not where it must be, or has gone and stands in the tree.</summary>
    DyingSlot = 15,

    /// <summary>What was derived from a scheduling control has more than it: CPU, priority, share or depth.</summary>
    ControlLimits = 16,

    /// <summary>What a scheduling control has handed out is not the sum of what its children have, or too much.</summary>
    ControlAccount = 17,

    /// <summary>A noted revoke is not of a living slot, or its thread is gone, inactive or another CPU's; or there are more or less of them.</summary>
    RevokeNote = 18,

    // Memory.

    /// <summary>An object does not lie in the cluster's memory, or not on a multiple of its size.</summary>
    ObjectPlace = 20,

    /// <summary>An object lies outside of what its untyped memory has given away.</summary>
    ObjectOutsideParent = 21,

    /// <summary>Two objects of one untyped memory overlap.</summary>
    ObjectsOverlap = 22,

    /// <summary>The watermark of an untyped, or the end of what is zeroed, lies behind its end.</summary>
    WatermarkBeyondEnd = 23,

    /// <summary>Memory above a watermark that is said to be zero is not.</summary>
    UntypedNotZero = 24,

    // Threads.

    /// <summary>A thread's CPU, priority or state is none.</summary>
    ThreadFields = 30,

    /// <summary>What a thread uses as its table, address space or buffer is not what its bindings hold.</summary>
    ThreadBindings = 31,

    /// <summary>A running thread is no CPU's current one.</summary>
    RunningNotCurrent = 32,

    /// <summary>A thread that could run is in no queue.</summary>
    ReadyNotQueued = 33,

    /// <summary>A sender, receiver or waiter is in no queue.</summary>
    WaitingNotQueued = 34,

    /// <summary>A thread that awaits an answer is held by no Reply object.</summary>
    CallerNotHeld = 35,

    /// <summary>An inactive thread is in a queue.</summary>
    InactiveQueued = 36,

    /// <summary>A thread is in two queues.</summary>
    ThreadInTwoQueues = 37,

    /// <summary>The flags of a thread say that it is in a queue, and it is not, or the other way.</summary>
    ThreadFlags = 38,

    /// <summary>A thread's Reply object is gone or has another owner.</summary>
    ThreadReply = 39,

    /// <summary>A thread borrowed through a Reply object that is gone or does not know it.</summary>
    ThreadBorrowedThrough = 40,

    /// <summary>A thread's notification is gone or does not know it.</summary>
    ThreadNotification = 41,

    /// <summary>A thread's scheduling contexts are gone, or have another holder or owner.</summary>
    ThreadContext = 42,

    /// <summary>What a thread serves through does not follow from its Reply object, context and notification.</summary>
    ThreadServerReply = 43,

    /// <summary>A thread has a priority that no control of its CPU gave it, or none by one that did.</summary>
    ThreadControl = 44,

    // Queues.

    /// <summary>The word of bits over the ready queues does not say which have threads.</summary>
    ReadyBits = 50,

    /// <summary>HighestReady is not the highest priority of those that are ready, or HighestListed of the lists.</summary>
    HighestReady = 51,

    /// <summary>A thread is ready at another priority or CPU than its own, or can't run.</summary>
    ReadyThread = 52,

    /// <summary>The current thread does not run, is another CPU's, or has no time; or its CPU is parked.</summary>
    CurrentThread = 53,

    /// <summary>A queue holds what is no thread, or is a circle.</summary>
    QueueMember = 54,

    /// <summary>The links of a queue do not agree, or its tail is not its last.</summary>
    QueueLinks = 55,

    /// <summary>A thread in a queue is in another state, waits on something else, or on another CPU than its own.</summary>
    QueueState = 56,

    /// <summary>A thread in a request list neither comes home nor sends.</summary>
    RequestState = 57,

    /// <summary>A notification has bits of other CPUs and is in no list, or the list holds what is no notification.</summary>
    SignalList = 58,

    /// <summary>The foremost thread is not the first of all that are ready, can't run, or stands in a list too.</summary>
    ForemostThread = 59,

    // Endpoints, notifications, Reply objects.

    /// <summary>An endpoint's word does not say what its queue and its CPU are.</summary>
    EndpointState = 60,

    /// <summary>A notification's bound thread is gone or does not know it, or its word does not say what it has.</summary>
    NotificationThread = 61,

    /// <summary>A Reply object names a thread that is gone.</summary>
    ReplyThreads = 62,

    /// <summary>A Reply object's caller does not wait for it.</summary>
    ReplyCaller = 63,

    /// <summary>A Reply object's owner has another, or is of another CPU.</summary>
    ReplyOwner = 64,

    /// <summary>A loan is not as its Reply object says.</summary>
    ReplyLoan = 65,

    /// <summary>A Reply object vouches for what is not so.</summary>
    ReplyMarks = 66,

    /// <summary>A handler of an interrupt is nobody's or not at its place, or its state is not that of its notification.</summary>
    IrqHandler = 67,

    /// <summary>Device vectors are in use that no capability names, or the other way.</summary>
    IrqVectors = 68,

    /// <summary>A sweep over an endpoint's senders goes on with one who does not wait there.</summary>
    EndpointSweep = 69,

    /// <summary>A notification says that one thread waits alone and has time, and that is not so.</summary>
    NotificationPrepared = 100,

    /// <summary>A thread that waits for a notification would not be answered Ok.</summary>
    WaitersStatus = 101,

    // Time.

    /// <summary>A context's holder does not run on it.</summary>
    ContextHolder = 70,

    /// <summary>A context's owner has another.</summary>
    ContextOwner = 71,

    /// <summary>The queue of refills holds what is no context, or one twice, or out of order.</summary>
    RefillList = 72,

    /// <summary>A context waits for its refill though it has time left or no ready thread waits for it, or on another CPU, or only says so.</summary>
    RefillContext = 73,

    /// <summary>A thread waits for time that never comes.</summary>
    RefillMissing = 74,

    /// <summary>What is charged is no living context, or not the current thread's, or waits for its refill.</summary>
    Charged = 75,

    /// <summary>A context has more time left than its budget, owes more, or has a budget longer than its period.</summary>
    ContextBudget = 76,

    /// <summary>A context has time that no control gave it, or none by one that did; or of another CPU than its owner's.</summary>
    ContextControl = 77,

    /// <summary>More time ran on the living contexts together than the CPUs had since they were started.</summary>
    ConsumedTime = 78,

    /// <summary>The timer is not stale, and comes behind the end of the budget that is charged.</summary>
    TimerIsLate = 79,

    // Address spaces.

    /// <summary>The number of an address space is another's, or numbers are in use that no address space has.</summary>
    SpaceNumber = 80,

    /// <summary>The upper half of an address space is not the kernel's.</summary>
    SpaceKernelHalf = 81,

    /// <summary>A table hangs in an address space and no PageTable capability says so.</summary>
    TableUnknown = 82,

    /// <summary>A page is mapped and no Frame capability's window shows it with these rights.</summary>
    PageUnknown = 83,

    /// <summary>The fault table of an address space is not what its binding holds.</summary>
    SpaceFaultTable = 85,

    /// <summary>A CPU has an address space loaded that is gone.</summary>
    LoadedSpace = 86,

    /// <summary>The page table that an address space remembers for an address is not the one there.</summary>
    SpaceWalk = 87,

    /// <summary>The thread whose breakpoints a CPU has loaded is gone, or another CPU's.</summary>
    DebugOwner = 88,

    /// <summary>The root that user mode runs on with mitigations shows something else than the address space.</summary>
    SpaceUserRoot = 89,

    // Counters.

    /// <summary>A counter of a CPU went back.</summary>
    CounterWentBack = 90,
}
