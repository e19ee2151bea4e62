using Skerry.Abi;

namespace Skerry.Apps.KernelFuzz;

/// <summary>What a half of an argument word is drawn from. Up to 31 it is a slot of that object type.</summary>
internal enum Kind : byte
{
    None = 0,
    Untyped = ObjectType.Untyped,
    CapTable = ObjectType.CapTable,
    AddressSpace = ObjectType.AddressSpace,
    PageTable = ObjectType.PageTable,
    Frame = ObjectType.Frame,
    Thread = ObjectType.Thread,
    SchedContext = ObjectType.SchedContext,
    Endpoint = ObjectType.Endpoint,
    Reply = ObjectType.Reply,
    Notification = ObjectType.Notification,
    IoPorts = ObjectType.IoPorts,
    IrqHandler = ObjectType.IrqHandler,
    SchedControl = ObjectType.SchedControl,

    /// <summary>A CapTable, or 0 for the caller's own.</summary>
    Table = 32,

    /// <summary>A slot of the same kind as the one drawn before it.</summary>
    Same,

    /// <summary>A slot of any kind, used or not.</summary>
    Slot,
    RetypeRequest,
    Count,
    Rights,

    /// <summary>PageAttributes: rights, cacheability, size.</summary>
    Attributes,
    Badge,
    Number,

    // Of 64 bits, and so alone in their word.
    Address,
    Offset,
    Pages,
    Level,
    Priority,
    Microseconds,

    /// <summary>Of a CPU's time, often the whole.</summary>
    Share,
    Physical,
    Port,

    /// <summary>The serial port's scratch register, the only one that may be written without harm.</summary>
    ScratchPort,
    Counter,
    ApicId,
    Cpu,
    GlobalInterrupt,
    InterruptFlags,

    /// <summary>0 or 1, seldom more.</summary>
    Flag,
    ThreadFaults,

    /// <summary>(index, kind and length) of a breakpoint.</summary>
    Breakpoint,
    InstructionPointer,
    StackPointer,
    Argument,
}

/// <summary>One kind of call: which, on what, and what its words are.</summary>
/// <param name="Call">The system call.</param>
/// <param name="Type">Of the capability it names.</param>
/// <param name="Operation">The label of an Invoke.</param>
/// <param name="Weight">How often it is made, 1 to 8.</param>
internal readonly struct Shape(SystemCall call, ObjectType type, ulong operation, uint weight)
{
    public readonly SystemCall Call = call;
    public readonly ObjectType Type = type;
    public readonly ulong Operation = operation;
    public readonly uint Weight = weight;

    public Words Word0 { get; init; }
    public Words Word1 { get; init; }
    public Words Word2 { get; init; }
    public Words Word3 { get; init; }
}

/// <summary>The two halves of a word; the high one None: the low one is the whole word.</summary>
internal readonly struct Words(Kind low, Kind high = Kind.None)
{
    public readonly Kind Low = low;
    public readonly Kind High = high;
}
