using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>Capability tables, and what is bound to a CPU.</summary>
internal static unsafe class CapabilityRows
{
    private const int TableBits = 12;
    private const uint CopyCount = 1024;
    private const uint FewCopies = 32;

    private static CpuControlCapability Cpu => new(new CapabilitySlot((uint)InitialSlot.FirstCpuControl));

    private static CapabilitySlot handler;

    public static void Run()
    {
        handler = Workshop.Slots(1);
        shares = Workshop.Slots(ShareCount + 1);
        Sweep.Row("cap-copy"u8, &Subject.MakeEndpoint, &Copy);
        Sweep.Row("revoke-1024-copies"u8, &MakeCopies, &RevokeCopies);
        Sweep.Row("delete-empty-table"u8, &MakeTable, &Subject.DeleteFirst);
        Sweep.Row("delete-full-table"u8, &MakeFullTable, &Subject.DeleteFirst);
        Sweep.Row("delete-endpoint"u8, &Subject.MakeEndpoint, &Subject.DeleteFirst);
        Sweep.Row("bind-doorbell"u8, &MakeNotification, &BindDoorbell);
        Sweep.Row("trace-on-off"u8, &MakeRing, &Trace);
        Sweep.Row("read-counters"u8, &Subject.Clear, &ReadCounters);
        Sweep.Row("make-irq-handler"u8, &MakeNotification, &MakeHandler);
        Sweep.Row("delete-irq-handler"u8, &MakeHandlerBefore, &DeleteHandler);
        Sweep.Row("revoke-sched-control"u8, &MakeShares, &RevokeShares);
    }

    private static Status CopyTo(CapTableCapability table, CapabilitySlot slot) =>
        table.Copy(slot, CapTableCapability.Own, Subject.Slot(0), ObjectRights.All);

    private static void Copy() => Subject.Check(CopyTo(CapTableCapability.Own, Subject.Slot(1)));

    private static void MakeCopies() => MakeCopies(CopyCount);

    public static void MakeFewCopies() => MakeCopies(FewCopies);

    private static void MakeCopies(uint count)
    {
        Subject.MakeEndpoint();
        for (uint i = 0; i < count; i++)
        {
            Subject.Check(CopyTo(CapTableCapability.Own, Subject.Slot(1 + i)));
        }
    }

    public static void RevokeCopies() => Subject.Check(CapTableCapability.Own.Revoke(Subject.Slot(0)));

    private static void MakeTable()
    {
        Subject.Clear();
        Subject.Make(ObjectType.CapTable, 1, sizeBits: TableBits);
    }

    private static void MakeFullTable()
    {
        Subject.Clear();
        Subject.Make(ObjectType.CapTable, 1, sizeBits: 9);
        Subject.Make(ObjectType.Endpoint, 1, 1);
        var table = new CapTableCapability(Subject.Slot(0));
        for (uint i = 1; i < 512; i++)
        {
            Subject.Check(table.Copy(new CapabilitySlot(i), CapTableCapability.Own, Subject.Slot(1), ObjectRights.All));
        }
    }

    private static NotificationCapability Notification => new(Subject.Slot(0));

    private static void MakeNotification()
    {
        Subject.MakeNotification();
        CapTableCapability.Own.Delete(handler);
    }

    private static void BindDoorbell() => Subject.Check(Cpu.BindDoorbell(Notification));

    private static void MakeRing()
    {
        Subject.Clear();
        Subject.Make(ObjectType.Frame, 1, pages: 4);
    }

    private static void Trace()
    {
        Subject.Check(Cpu.StartTrace(new FrameCapability(Subject.Slot(0))));
        Subject.Check(Cpu.StopTrace());
    }

    private static void ReadCounters() => Subject.Check(Cpu.ReadCounters(out _));

    private static void MakeHandler()
    {
        var control = new IrqControlCapability(new CapabilitySlot((uint)InitialSlot.IrqControl));
        Subject.Check(control.MakeMsi(CapTableCapability.Own, handler, 0, out _));
        Subject.Check(new IrqHandlerCapability(handler).SetNotification(Notification));
    }

    private static void MakeHandlerBefore()
    {
        MakeNotification();
        MakeHandler();
    }

    private static void DeleteHandler() => Subject.Check(CapTableCapability.Own.Delete(handler));

    private const uint ShareCount = 128;
    private static CapabilitySlot shares;

    private static void MakeShares()
    {
        Subject.Clear();
        Subject.Check(Workshop.Control(0).Derive(CapTableCapability.Own, shares, 20, 0));
        var share = new SchedControlCapability(shares);
        for (uint i = 1; i <= ShareCount; i++)
        {
            Subject.Check(share.Derive(CapTableCapability.Own, shares.Next(i), 20, 0));
        }
    }

    private static void RevokeShares()
    {
        Subject.Check(CapTableCapability.Own.Revoke(shares));
        Subject.Check(CapTableCapability.Own.Delete(shares));
    }
}
