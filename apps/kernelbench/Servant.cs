using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelBench;

/// <summary>A thread that runs one of the assembled loops. They need no stack.</summary>
internal struct Servant
{
    public const ulong AmpleBudget = 3_600_000_000;
    private const uint NoStack = 0;

    public ThreadCapability Thread;
    public ReplyCapability Reply;
    public SchedContextCapability Context;

    /// <summary>A thread that is ready to be started, with all the time there is.</summary>
    public static Servant Make(AddressSpaceCapability space, uint cpu, uint priority, ulong entry)
    {
        var servant = new Servant
        {
            Thread = new ThreadCapability(Workshop.Make(ObjectType.Thread, cpu)),
            Reply = new ReplyCapability(Workshop.Make(ObjectType.Reply, cpu)),
            Context = new SchedContextCapability(Workshop.Make(ObjectType.SchedContext, cpu)),
        };
        Workshop.Must(servant.Context.Configure(AmpleBudget, 0, Workshop.Control(cpu)));
        Workshop.Must(servant.Thread.SetSpaces(CapTableCapability.Own, space, servant.Thread.Slot.Value));
        Workshop.Must(servant.Thread.SetReply(servant.Reply));
        Workshop.Must(servant.Thread.SetScheduling(priority, servant.Context, Workshop.Control(cpu)));
        Workshop.Must(servant.Thread.WriteRegisters(entry, NoStack, 0));
        return servant;
    }

    /// <summary>Runs it until it waits.</summary>
    public readonly void Start(ThreadState until)
    {
        Workshop.Must(Thread.Resume());
        while (State != until)
        {
            Measurement.Pause();
            Processor.Yield();
        }
    }

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
}

/// <summary>Where the assembled loops begin.</summary>
internal static unsafe class Entries
{
    public static ulong Echo => (ulong)(delegate* <void>)&MeasureEcho;
    public static ulong EchoWords => (ulong)(delegate* <void>)&MeasureEchoWords;
    public static ulong TimedEcho => (ulong)(delegate* <void>)&MeasureTimedEcho;
    public static ulong TimedEchoWords => (ulong)(delegate* <void>)&MeasureTimedEchoWords;
    public static ulong Forward => (ulong)(delegate* <void>)&MeasureForward;
    public static ulong Client => (ulong)(delegate* <void>)&MeasureClient;
    public static ulong Waiter => (ulong)(delegate* <void>)&MeasureWaiter;
    public static ulong Migrant => (ulong)(delegate* <void>)&MeasureMigrant;
    public static ulong Partner => (ulong)(delegate* <void>)&MeasurePartner;
    public static ulong Spinner => (ulong)(delegate* <void>)&MeasureSpinner;
    public static ulong Refilled => (ulong)(delegate* <void>)&MeasureRefilled;
    public static ulong Faulter => (ulong)(delegate* <void>)&MeasureFaulter;
    public static ulong Pager => (ulong)(delegate* <void>)&MeasurePager;
    public static ulong TimedPager => (ulong)(delegate* <void>)&MeasureTimedPager;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureEcho)]
    private static extern void MeasureEcho();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureEchoWords)]
    private static extern void MeasureEchoWords();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureTimedEcho)]
    private static extern void MeasureTimedEcho();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureTimedEchoWords)]
    private static extern void MeasureTimedEchoWords();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureForward)]
    private static extern void MeasureForward();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureClient)]
    private static extern void MeasureClient();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureWaiter)]
    private static extern void MeasureWaiter();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureMigrant)]
    private static extern void MeasureMigrant();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasurePartner)]
    private static extern void MeasurePartner();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureSpinner)]
    private static extern void MeasureSpinner();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureRefilled)]
    private static extern void MeasureRefilled();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureFaulter)]
    private static extern void MeasureFaulter();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasurePager)]
    private static extern void MeasurePager();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureTimedPager)]
    private static extern void MeasureTimedPager();
}
