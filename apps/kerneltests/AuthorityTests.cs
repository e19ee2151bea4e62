using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// A thread with a capability table of its own, in which lie untyped memory, that table and the address space, and nothing
/// else: what it makes of the memory does not run, on any CPU. With a control of one CPU in the table, it runs there alone,
/// and no longer when the control is taken back.
/// </summary>
internal static unsafe class AuthorityTests
{
    private const int TableBits = 6;
    private const uint Highest = 63;
    private const uint Given = 30;

    // Slots of the outsider's table.
    private static readonly CapTableCapability _table = new(new CapabilitySlot(1));
    private static readonly AddressSpaceCapability _space = new(new CapabilitySlot(2));
    private static readonly UntypedCapability _memory = new(new CapabilitySlot(3));
    private static readonly SchedControlCapability _control = new(new CapabilitySlot(4));
    private static readonly ThreadCapability _thread = new(new CapabilitySlot(8));
    private static readonly SchedContextCapability _context = new(new CapabilitySlot(9));

    /// <summary>A word of the code page's data that its routine counts in.</summary>
    private const int Counter = 5;

    /// <summary>What was answered otherwise than it should, and how often the outsider has come to its end.</summary>
    private static ulong wrong;
    private static ulong steps;

    private static uint Target => Workshop.Facts->CpuCount - 1;

    private static ulong Spins => Volatile.Read(ref CodePage.Word(Counter));

    public static bool Run()
    {
        CapTableCapability table = Workshop.CapTable(TableBits);
        var own = CapTableCapability.Own;
        Workshop.Must(table.Copy(_table.Slot, own, table.Slot, ObjectRights.All));
        Workshop.Must(table.Copy(_space.Slot, own, CodePage.Space.Slot, ObjectRights.All));
        Workshop.Must(table.Move(_memory.Slot, own, Workshop.Untyped(13).Slot));
        Worker outsider = Worker.Make(Workshop.OwnSpace, 0, Highest, Role.Outsider, CapabilitySlot.Null);
        Workshop.Must(outsider.Thread.SetSpaces(table, Workshop.OwnSpace, 0));
        outsider.Start();
        bool right = Report("authority-none"u8, 1);
        Workshop.Must(Workshop.Control(Target).Derive(table, _control.Slot, Given, SchedShare.Whole));
        ulong before = Spins;
        Workshop.Must(outsider.Thread.Suspend());
        Workshop.Must(outsider.Thread.Resume());
        while (Spins == before)
        {
            SchedulingTests.Rest(1);
        }
        right &= Report("authority-given"u8, 2);
        Workshop.Must(table.Delete(_control.Slot));
        before = Spins;
        SchedulingTests.Rest(20);
        wrong += Spins == before ? 0u : 1u;
        right &= Report("authority-taken-back"u8, 2);
        Workshop.Must(outsider.Thread.Suspend());
        return right;
    }

    private static bool Report(System.ReadOnlySpan<byte> name, ulong stepsDone)
    {
        bool right = wrong == 0 && steps == stepsDone;
        Console.Test(name, right, "wrong"u8, wrong);
        wrong = 0;
        return right;
    }

    /// <summary>At the highest priority, and it waits after each step: so whoever started it goes on behind the step.</summary>
    public static void BeOutsider()
    {
        MakeWithoutControl();
        Step();
        RunByControl();
        Step();
    }

    private static void Step()
    {
        steps++;
        var nothing = new NotificationCapability(new CapabilitySlot(20));
        _memory.RetypeObject(ObjectType.Notification, 0, nothing.Slot);
        nothing.Wait(out _);
    }

    private static void Expect(Status expected, Status status) => wrong += status == expected ? 0u : 1u;

    private static void MakeWithoutControl()
    {
        Expect(Status.Ok, _memory.RetypeObject(ObjectType.Thread, Target, _thread.Slot));
        Expect(Status.Ok, _memory.RetypeObject(ObjectType.SchedContext, Target, _context.Slot));
        Expect(Status.Ok, _thread.SetSpaces(_table, _space, 0));
        Expect(Status.InvalidCapability, _context.Configure(10_000, 0, default));
        Expect(Status.InvalidCapability, _thread.SetScheduling(Highest, _context, default));
        Expect(Status.InvalidCapability, _thread.SetScheduling(0, default, default));
        Expect(Status.InvalidCapability, _thread.SetPriority(0, default));
        Expect(Status.InvalidCapability, _thread.SetCpu(default));
        Expect(Status.Ok, _thread.WriteRegisters(CodePage.Count, CodePage.Data, 0));
        Expect(Status.InvalidState, _thread.Resume());
    }

    private static void RunByControl()
    {
        Expect(Status.MissingRight, _thread.SetScheduling(Given + 1, _context, _control));
        Expect(Status.MissingRight, _control.Derive(_table, new CapabilitySlot(5), Given + 1, SchedShare.Whole));
        Expect(Status.WrongObjectType, _table.Copy(new CapabilitySlot(5), _table, _control.Slot, ObjectRights.All));
        Expect(Status.Ok, _context.Configure(1_000, 10_000, _control));
        Expect(Status.Ok, _thread.SetScheduling(Given, _context, _control));
        Expect(Status.Ok, _thread.Resume());
    }
}
