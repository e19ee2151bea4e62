using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>Why a thread lends its context to a server.</summary>
internal unsafe interface ILoan
{
    /// <summary>What the Reply object says of the lender beside its address (<see cref="Reply.Word"/>).</summary>
    static abstract ulong Mark { get; }

    /// <summary>The bits of it that tell a lender of this kind from all else.</summary>
    static abstract ulong Marks { get; }

    /// <summary>The lender's state meanwhile.</summary>
    static abstract ThreadState Waits { get; }

    static abstract void CountDelivery(Cpu* cpu);
}

internal unsafe struct CallLoan : ILoan
{
    public static ulong Mark => 0;

    public static ulong Marks => Reply.Marks;

    public static ThreadState Waits => ThreadState.AwaitingReply;

    public static void CountDelivery(Cpu* cpu) => cpu->FastMessages = cpu->FastMessages + 1;
}

internal unsafe struct FaultLoan : ILoan
{
    public static ulong Mark => Reply.LentByFault;

    public static ulong Marks => Reply.LentByFault;

    public static ThreadState Waits => ThreadState.Faulted;

    public static void CountDelivery(Cpu* cpu) => cpu->FaultsDelivered = cpu->FaultsDelivered + 1;
}
