using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>
/// Faults that a pager with time of its own answers: they are delivered, and answered, by the slow path. And such as
/// wait in the endpoint's queue, since no pager does.
/// </summary>
internal static unsafe class PagerRows
{
    private const uint PagerPriority = 41;
    private const uint ToucherPriority = 40;
    private const ulong FaultAddress = UserLayout.AttachBase + 0xc000_0000;

    private static AddressSpaceCapability space;
    private static EndpointCapability endpoint;
    private static FrameCapability backing;
    private static Worker pager;
    private static Worker toucher;
    private static ThreadRegisters begin;
    private static CapabilitySlot rest;
    private static uint pages = 1;

    public static void Run()
    {
        space = Workshop.CloneSpace();
        endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        backing = Workshop.Frame(CallLimits.Pages);
        rest = Workshop.Make(ObjectType.Notification);
        CapTableCapability table = Workshop.CapTable(8);
        var slot = new CapabilitySlot(FaultTable.SlotFor(0));
        Subject.Check(table.Mint(slot, CapTableCapability.Own, endpoint, EndpointRights.Send, 1));
        Subject.Check(space.SetFaultTable(table));
        Workshop.Map(space, backing, FaultAddress, FrameRights.Read, CallLimits.Pages);
        pager = Worker.Make(Workshop.OwnSpace, 0, PagerPriority, Role.Pager, endpoint.Slot);
        toucher = Worker.Make(space, 0, ToucherPriority, Role.Write, rest);
        Subject.Check(toucher.Thread.ReadRegisters(out begin));
        Sweep.Row("page-fault-queued"u8, &Stop, &Fault);
        pager.Start();
        Sweep.Row("fault-map-1-slow"u8, &StopForOne, &Fault);
        Sweep.Row("fault-map-256"u8, &StopForMany, &Fault);
    }

    /// <summary>The toucher.</summary>
    public static void Touch(NotificationCapability rest)
    {
        *(byte*)FaultAddress = 1;
        rest.Wait(out _);
    }

    /// <summary>The pager.</summary>
    public static void Serve()
    {
        endpoint.Recv(out _);
        while (true)
        {
            const FrameRights rights = FrameRights.Read | FrameRights.Write;
            Subject.Check(endpoint.ReplyMapRecv(new FrameMapping(backing, rights, FaultAddress, 0, pages), out _));
        }
    }

    private static void StopForOne() => Stop(1);

    private static void StopForMany() => Stop(CallLimits.Pages);

    private static void Stop(uint count)
    {
        pages = count;
        Stop();
    }

    /// <summary>Its page is gone, the page tables stay, and it begins anew.</summary>
    private static void Stop()
    {
        Subject.Check(toucher.Thread.Suspend());
        // NotMapped where no pager has answered.
        backing.Unmap();
        ulong argument = (ulong)Role.Write | ((ulong)rest.Value << 32);
        Subject.Check(toucher.Thread.WriteRegisters(begin.InstructionPointer, begin.StackPointer, argument));
    }

    private static void Fault() => Subject.Check(toucher.Thread.Resume());
}
