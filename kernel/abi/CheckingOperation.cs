namespace Skerry.Abi;

/// <summary>
/// Operations of CpuControl that only the checked kernel has (kernel/Checking). The kernel that systems run on answers
/// them with <see cref="Status.UnknownOperation"/>.
/// </summary>
public enum CheckingOperation : ulong
{
    /// <summary>
    /// Check all kernel objects. Out: word 0: the first broken <see cref="CheckedRule"/>, 0 if all hold; word 1: address
    /// of what breaks it, in the kernel; word 2: capabilities; word 3: objects looked at.
    /// </summary>
    Check = 0xc0,

    /// <summary>Break something on purpose. word 0: a <see cref="CheckedDamage"/>. InvalidArgument 0 if it is none.</summary>
    Damage = 0xc1,

    /// <summary>
    /// A register of the CPU that the caller runs on. word 0: number of a model-specific register that the kernel sets, or
    /// <see cref="CheckedRegister.ExtendedControl"/>. Out: word 0: its value. InvalidArgument 0 if it is none of them.
    /// </summary>
    ReadRegister = 0xc2,
}

/// <summary>What the checked kernel breaks on request, so that a test sees the check find it.</summary>
public enum CheckedDamage : ulong
{
    None = 0,

    /// <summary>A link of the derivation tree.</summary>
    TreeLink = 1,

    /// <summary>The watermark of the untyped memory that something was made of.</summary>
    Watermark = 2,

    /// <summary>A word of untyped memory that nobody uses.</summary>
    UntypedWord = 3,

    /// <summary>The word of bits over a CPU's ready queues.</summary>
    ReadyBits = 4,

    /// <summary>The state of a thread that does not run.</summary>
    ThreadState = 5,

    /// <summary>The holder of the scheduling context of a thread that does not run.</summary>
    ContextHolder = 6,

    /// <summary>An entry of the caller's address space: it shows a page of a kernel object.</summary>
    PageTableEntry = 7,

    /// <summary>The counters of the calling thread's CPU go back.</summary>
    Counter = 8,
}

/// <summary>Registers that <see cref="CheckingOperation.ReadRegister"/> reads besides the model-specific ones.</summary>
public static class CheckedRegister
{
    /// <summary>XCR0.</summary>
    public const ulong ExtendedControl = 0xffff_ffff;
}
