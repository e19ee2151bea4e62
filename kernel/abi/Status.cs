namespace Skerry.Abi;

/// <summary>
/// What a system call came to. Anything but <see cref="Ok"/> has changed nothing; but see docs/abi.md, Statuses.
/// </summary>
public enum Status : ulong
{
    Ok = 0,

    /// <summary>The number in rax is no system call.</summary>
    UnknownSystemCall = 1,

    /// <summary>The slot is outside the table or empty.</summary>
    InvalidCapability = 2,

    /// <summary>The capability is of another object type than the call needs.</summary>
    WrongObjectType = 3,

    /// <summary>The capability lacks the right.</summary>
    MissingRight = 4,

    /// <summary>The label names no operation of this object.</summary>
    UnknownOperation = 5,

    /// <summary>An argument is outside its range; word 0 of the answer is its index.</summary>
    InvalidArgument = 6,

    /// <summary>An address or offset is not a multiple of what it must be.</summary>
    Misaligned = 7,

    /// <summary>An address is not a canonical user address.</summary>
    InvalidAddress = 8,

    /// <summary>The destination slot is not empty.</summary>
    SlotOccupied = 9,

    /// <summary>The untyped memory has no room left for the objects.</summary>
    OutOfMemory = 10,

    /// <summary>The capability has children, so the operation must wait for revoke.</summary>
    HasChildren = 11,

    /// <summary>No page table at this address; word 0 of the answer is the level that is missing (1 to 3).</summary>
    MissingPageTable = 12,

    /// <summary>Something is mapped at this address already.</summary>
    AlreadyMapped = 13,

    /// <summary>Nothing is mapped there, or the capability is mapped nowhere.</summary>
    NotMapped = 14,

    /// <summary>The object is not in the state the operation needs.</summary>
    InvalidState = 15,

    /// <summary>Nobody waits, or nothing is there to take.</summary>
    WouldBlock = 16,

    /// <summary>The Reply object holds no caller.</summary>
    NoCaller = 17,

    /// <summary>The message is longer than the maximum, or longer than four words without a message buffer.</summary>
    MessageTooLong = 18,

    /// <summary>The object went away while this thread waited on it.</summary>
    Cancelled = 19,

    /// <summary>The object belongs to another CPU, and the operation works on its own CPU alone.</summary>
    WrongCpu = 20,

    /// <summary>No scheduling context to run on: the receiver is passive and the sender may not lend its own.</summary>
    NoSchedulingContext = 21,

    /// <summary>Reserved: the kernel does not answer it.</summary>
    CapabilityNotReceived = 22,

    /// <summary>The processor has no pages of this size.</summary>
    PageSizeUnsupported = 23,

    /// <summary>This cluster's kernel has no I/O APIC: the boot cluster's alone has them.</summary>
    NoIoApic = 24,

    /// <summary>Another IrqHandler has this global system interrupt.</summary>
    InterruptTaken = 25,

    /// <summary>The CPU has no interrupt vector left.</summary>
    NoVector = 26,

    /// <summary>A nested capability address goes through a slot that is empty or outside the table.</summary>
    MissingTable = 27,

    /// <summary>A nested capability address goes through a capability that is no CapTable.</summary>
    NotATable = 28,

    /// <summary>The capability is being deleted: it can be deleted further, and nothing else.</summary>
    BeingDeleted = 29,

    /// <summary>The scheduling control has handed out so much already that this share is not left.</summary>
    OutOfTime = 30,

    /// <summary>No device can interrupt this CPU: its APIC id has more bits than a device's interrupt can name.</summary>
    OutOfReach = 31,
}
