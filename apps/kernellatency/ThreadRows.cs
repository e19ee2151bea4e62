using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>Operations of threads and scheduling contexts, on one that is ready and one that has not begun.</summary>
internal static unsafe class ThreadRows
{
    private const uint Priority = 10;
    private const uint SpaceAt = 1;
    private const uint ContextAt = 2;
    private const uint ReplyAt = 3;
    private const uint NotificationAt = 4;
    private const uint BufferAt = 5;

    private static ThreadCapability Thread => new(Subject.Slot(0));

    private static SchedContextCapability Context => new(Subject.Slot(ContextAt));

    public static void Run()
    {
        Sweep.Row("yield"u8, &Subject.Clear, &Yield);
        Sweep.Row("set-spaces"u8, &Make, &SetSpaces);
        Sweep.Row("set-scheduling"u8, &MakeReady, &SetScheduling);
        Sweep.Row("set-reply"u8, &Make, &SetReply);
        Sweep.Row("set-buffer"u8, &Make, &SetBuffer);
        Sweep.Row("bind-notification"u8, &Make, &BindNotification);
        Sweep.Row("write-registers"u8, &Make, &WriteRegisters);
        Sweep.Row("read-registers"u8, &Make, &ReadRegisters);
        Sweep.Row("read-all-registers"u8, &Make, &ReadAll);
        Sweep.Row("write-all-registers"u8, &MakeReady, &WriteAll);
        Sweep.Row("breakpoint"u8, &MakeReady, &Breakpoint);
        Sweep.Row("single-step"u8, &MakeReady, &SingleStep);
        Sweep.Row("set-faults"u8, &MakeReady, &SetFaults);
        Sweep.Row("set-priority"u8, &MakeReady, &SetPriority);
        Sweep.Row("resume-suspend"u8, &MakeWhole, &ResumeSuspend);
        Sweep.Row("configure"u8, &MakeReady, &Configure);
        Sweep.Row("consumed"u8, &MakeReady, &Consumed);
        Sweep.Row("yield-to"u8, &MakeReady, &YieldTo);
        Sweep.Row("delete-thread"u8, &MakeReady, &Subject.DeleteFirst);
        Sweep.Row("delete-context"u8, &MakeReady, &DeleteContext);
        Sweep.Row("delete-reply"u8, &MakeWhole, &DeleteReply);
    }

    private static void Make()
    {
        Subject.Clear();
        Subject.Make(ObjectType.Thread, 1);
        Subject.Make(ObjectType.AddressSpace, 1, SpaceAt);
        Subject.Make(ObjectType.SchedContext, 1, ContextAt);
        Subject.Make(ObjectType.Reply, 1, ReplyAt);
        Subject.Make(ObjectType.Notification, 1, NotificationAt);
        Subject.Make(ObjectType.Frame, 1, BufferAt, pages: 1);
    }

    private static void MakeWhole()
    {
        Make();
        Subject.Check(Context.TakeTurns(Workshop.Control(0)));
        SetSpaces();
        SetReply();
        SetBuffer();
        BindNotification();
        SetScheduling();
        WriteRegisters();
    }

    public static void MakeReady()
    {
        MakeWhole();
        Subject.Check(Thread.Resume());
    }

    private static void Yield() => Processor.Yield();

    private static void SetSpaces() =>
        Subject.Check(Thread.SetSpaces(CapTableCapability.Own, new AddressSpaceCapability(Subject.Slot(SpaceAt)), 0));

    private static void SetScheduling() => Subject.Check(Thread.SetScheduling(Priority, Context, Workshop.Control(0)));

    private static void SetReply() => Subject.Check(Thread.SetReply(new ReplyCapability(Subject.Slot(ReplyAt))));

    private static void SetBuffer() => Subject.Check(Thread.SetBuffer(new FrameCapability(Subject.Slot(BufferAt)), 0));

    private static void BindNotification() =>
        Subject.Check(Thread.BindNotification(new NotificationCapability(Subject.Slot(NotificationAt))));

    private static void WriteRegisters() => Subject.Check(Thread.WriteRegisters(UserLayout.ImageBase, 0, 0));

    private static void ReadRegisters() => Subject.Check(Thread.ReadRegisters(out _));

    private static void ReadAll() => Subject.Check(Thread.ReadAllRegisters(out _, out _, out _, out _));

    private static void WriteAll() => Subject.Check(Thread.WriteAllRegisters(UserLayout.ImageBase, 0, 0, 0));

    private static void Breakpoint()
    {
        Subject.Check(Thread.SetBreakpoint(0, BreakpointKind.Execute, 1, UserLayout.ImageBase));
        Subject.Check(Thread.ClearBreakpoint(0));
    }

    private static void SingleStep() => Subject.Check(Thread.SetSingleStep(true));

    private static void SetFaults() => Subject.Check(Thread.SetFaults(ThreadFaults.None));

    private static void SetPriority() => Subject.Check(Thread.SetPriority(Priority + 1, Workshop.Control(0)));

    private static void ResumeSuspend()
    {
        Subject.Check(Thread.Resume());
        Subject.Check(Thread.Suspend());
    }

    private static void Configure() => Subject.Check(Context.Configure(100, 1000, Workshop.Control(0)));

    private static void Consumed() => Subject.Check(Context.Consumed(out _));

    private static void YieldTo() => Context.YieldTo();

    private static void DeleteContext() => Subject.Delete(ContextAt);

    private static void DeleteReply() => Subject.Delete(ReplyAt);

    /// <summary>Ready, with no notification, whose CPU would hold it.</summary>
    public static void MakeMovable()
    {
        MakeReady();
        Subject.Check(Thread.BindNotification(new NotificationCapability(CapabilitySlot.Null)));
    }

    /// <summary>To another CPU, which idles.</summary>
    public static void GiveAway() => Subject.Check(Thread.SetCpu(Workshop.Control(1)));
}
