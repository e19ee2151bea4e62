using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelBench;

/// <summary>512 pages: made as frames of a page each, mapped one by one, and revoked at once. The sums of all calls.</summary>
internal static class BulkRows
{
    private const uint Pages = 512;
    private const int MemoryBits = 21;
    private const int Rounds = 20;
    private const ulong Window = UserLayout.AttachBase + 0x3000_0000;
    private const ulong TableBytes = 512 * UserLayout.PageSize;

    private enum Step
    {
        RetypeFresh,
        RetypeUsed,
        Map,
        Revoke,
    }

    private static UntypedCapability memory;
    private static CapabilitySlot frames;

    public static void Run()
    {
        frames = Workshop.Slots(Pages);
        SupplyTables(Window, Pages);
        Row(Step.RetypeFresh);
        Row(Step.RetypeUsed);
        Row(Step.Map);
        Row(Step.Revoke);
    }

    /// <summary>The page tables below the other address space's window.</summary>
    public static void SupplyTables(ulong window, ulong pages)
    {
        FrameCapability page = Workshop.Frame(1);
        for (ulong address = window; address < window + pages * UserLayout.PageSize; address += TableBytes)
        {
            Workshop.Map(Places.Other, page, address, FrameRights.Read, 1);
            Workshop.Must(page.Unmap());
        }
    }

    private static void Row(Step step)
    {
        Report.Begin();
        for (int i = 0; i < Rounds; i++)
        {
            if (i == 0 || step == Step.RetypeFresh)
            {
                memory = Workshop.Untyped(MemoryBits);
            }
            if (i == 0 && step == Step.RetypeUsed)
            {
                Make();
                Revoke();
            }
            ulong made = Make();
            ulong mapped = Map();
            ulong revoked = Revoke();
            Report.Add(
                step switch
                {
                    Step.Map => mapped,
                    Step.Revoke => revoked,
                    _ => made,
                }
            );
        }
        End(step);
    }

    private static void End(Step step)
    {
        const ulong calls = Pages / CallLimits.Objects;
        switch (step)
        {
            case Step.RetypeFresh:
                Report.End("retype-512"u8, Measurement.Share(MeasureKind.Word3) * calls);
                break;
            case Step.RetypeUsed:
                Report.End("retype-512-used"u8, Measurement.Share(MeasureKind.Word3) * calls);
                break;
            case Step.Map:
                Report.End("map-512"u8, Measurement.Share(MeasureKind.Word4) * Pages);
                break;
            default:
                Report.End("revoke-512"u8, Measurement.Share(MeasureKind.Word1));
                break;
        }
    }

    private static ulong Make()
    {
        ulong ticks = 0;
        for (uint i = 0; i < Pages; i += CallLimits.Objects)
        {
            Request request = CapabilityRows.Retype(memory, ObjectType.Frame, CallLimits.Objects, frames.Next(i), 1);
            ticks += Measurement.Ticks(ref request, MeasureKind.Word3);
            Report.Check(request.Status == Status.Ok, request.Number);
        }
        return ticks;
    }

    private static ulong Map()
    {
        ulong ticks = 0;
        for (uint i = 0; i < Pages; i++)
        {
            Request request = CapabilityRows.Map(frames.Next(i), Window + i * UserLayout.PageSize);
            ticks += Measurement.Ticks(ref request, MeasureKind.Word4);
            Report.Check(request.Status == Status.Ok && request.Word0 == 1, request.Number);
        }
        return ticks;
    }

    private static ulong Revoke()
    {
        Request request = Request.Invoke(CapTableCapability.Own.Slot, (ulong)CapTableOperation.Revoke);
        request.Word0 = memory.Slot.Value;
        uint ticks = Measurement.Ticks(ref request, MeasureKind.Word1);
        Report.Check(request.Status == Status.Ok, request.Number);
        Report.Check(Places.Other.Query(Window, out _, out _) == Status.NotMapped, Window);
        return ticks;
    }
}
