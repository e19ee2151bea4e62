using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;

namespace Skerry.Apps.KernelTests;

/// <summary>A thread of a test: what it is made of, and how it is started.</summary>
internal struct Worker
{
    public ThreadCapability Thread;
    public ReplyCapability Reply;
    public SchedContextCapability Context;

    private const ulong StackPages = 4;

    private static ulong stacks = 1;

    /// <summary>Runs `role` with these three slots as arguments, in the given space, with this program's capabilities.</summary>
    public static Worker Make(AddressSpaceCapability space, uint cpu, uint priority, Role role, CapabilitySlot argument)
    {
        var worker = new Worker
        {
            Thread = new ThreadCapability(Workshop.Make(ObjectType.Thread, cpu)),
            Reply = new ReplyCapability(Workshop.Make(ObjectType.Reply, cpu)),
            Context = new SchedContextCapability(Workshop.Make(ObjectType.SchedContext, cpu)),
        };
        ulong slotBase = UserLayout.StackAreaBase + stacks++ * UserLayout.StackSlotSize;
        ulong top = slotBase + UserLayout.StackSlotSize;
        FrameCapability stack = Workshop.Frame(StackPages);
        FrameCapability buffer = Workshop.Frame(1);
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        Workshop.Map(space, stack, top - StackPages * UserLayout.PageSize, rights, StackPages);
        Workshop.Map(space, buffer, slotBase, rights, 1);
        Workshop.Must(worker.Thread.SetSpaces(CapTableCapability.Own, space, worker.Thread.Slot.Value));
        Workshop.Must(worker.Thread.SetBuffer(buffer, 0));
        Workshop.Must(worker.Thread.SetReply(worker.Reply));
        Workshop.Must(worker.Context.TakeTurns(Workshop.Control(cpu)));
        Workshop.Must(worker.Thread.SetScheduling(priority, worker.Context, Workshop.Control(cpu)));
        Workshop.Must(worker.Thread.WriteRegisters(ThreadEntry(), top, (ulong)role | ((ulong)argument.Value << 32)));
        return worker;
    }

    /// <summary>Ends what the calling thread does; it gives its context back to whoever lent it, or sleeps on its own.</summary>
    public static void WaitForEver()
    {
        var nothing = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        while (nothing.Wait(out _) != Status.Ok)
        {
            Processor.Yield();
        }
    }

    public readonly void Start() => Workshop.Must(Thread.Resume());

    /// <summary>Once it waits to receive: it shall run on its callers' contexts alone.</summary>
    public readonly void MakePassive(uint priority) => Workshop.Must(Thread.BecomePassive(priority));

    public readonly ThreadState State
    {
        get
        {
            Workshop.Must(Thread.ReadRegisters(out ThreadRegisters registers));
            return registers.State;
        }
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", ComponentEntryPoints.ThreadStartAddress)]
    private static extern ulong ThreadEntry();
}

/// <summary>What a worker does.</summary>
internal enum Role : uint
{
    /// <summary>Answers every call with its words, each plus one.</summary>
    Echo = 1,

    /// <summary>Counts as fast as it can.</summary>
    Count = 2,

    /// <summary>Touches pages from <see cref="FaultTests.FirstPage"/> on.</summary>
    Touch = 3,

    /// <summary>Waits for faults and maps pages of one frame.</summary>
    Pager = 4,

    /// <summary>Calls the endpoint a number of times.</summary>
    Caller = 5,

    /// <summary>Executes an instruction that user mode may not.</summary>
    Privileged = 6,

    /// <summary>Reads one of the addresses of <see cref="KernelAddressTests"/>.</summary>
    KernelReader = 32,

    /// <summary>Prints registers of its CPU (<see cref="RegisterShow"/>).</summary>
    RegisterReader = 34,

    /// <summary>Computes with x87 instructions once it was called or signalled.</summary>
    X87 = 33,

    /// <summary>Computes in vector registers without end.</summary>
    Vectors = 7,

    /// <summary>Waits for a notification and counts its bits.</summary>
    Waiter = 8,

    /// <summary>Serves <see cref="IRpcTest"/>.</summary>
    RpcServer = 9,

    /// <summary>Writes to the page of <see cref="MemoryTests"/>.</summary>
    Write = 10,

    /// <summary>Sends once.</summary>
    Sender = 11,

    /// <summary>Waits for interrupts of a device and acknowledges them.</summary>
    Driver = 20,

    /// <summary>Makes the same invocation without end.</summary>
    Invoker = 21,

    /// <summary>Calls the endpoint a number of times while its CPU is traced.</summary>
    TracedCaller = 30,

    /// <summary>Copies a capability again and again (<see cref="RaceTests"/>).</summary>
    Delegator = 43,

    /// <summary>Makes threads of untyped memory, without a control (<see cref="AuthorityTests"/>).</summary>
    Outsider = 60,

    /// <summary>Sends the copy to a server that knows it by its badge.</summary>
    Translator = 44,
    TranslationServer = 45,

    /// <summary>Goes on copying what is being revoked (<see cref="RevokeTests"/>).</summary>
    ChainCopier = 48,

    /// <summary>Makes calls of ten words without end (<see cref="LifetimeTests"/>).</summary>
    LongCaller = 46,

    /// <summary>Runs without end and asks nothing of the kernel.</summary>
    Spin = 49,

    /// <summary>Signals a notification without end.</summary>
    Signal = 51,

    /// <summary>Answers faults so that they happen again, and counts them.</summary>
    FaultCounter = 47,
}
