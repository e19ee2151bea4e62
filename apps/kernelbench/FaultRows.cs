using System;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>Page faults of a thread in the other address space, which a pager in this one answers.</summary>
internal static class FaultRows
{
    private const uint PagerPriority = 42;
    private const uint FaulterPriority = 41;
    private const ulong PagerBadge = 77;

    /// <summary>Where the faulter sees its pages, and where this program sees the same ones to check them.</summary>
    private const ulong FirstRegion = 0x20_0000_0000;
    private const ulong View = UserLayout.AttachBase + 0x1000_0000;
    private const FrameRights Rights = FrameRights.Read | FrameRights.Write;

    private static CapTableCapability table;

    public static void Run()
    {
        table = Workshop.CapTable(8);
        Workshop.Must(Places.Other.SetFaultTable(table));
        FrameCapability backing = Fault(Entries.TimedPager, FirstRegion);
        Row("fault-to-handler"u8, MeasureLayout.ToHandler, Measurement.Empty, 0);
        Row("reply-to-resume"u8, MeasureLayout.FromAnswer, Measurement.EmptyPlain, ResumeShare);
        Workshop.Must(backing.Unmap());
        Fault(Entries.Pager, FirstRegion + MeasureLayout.FaultRegion);
        ulong share = Measurement.Share(MeasureKind.DryPager) + Measurement.Share(MeasureKind.DryTouch);
        Row("fault-map-resume"u8, MeasureLayout.Whole, Measurement.EmptyPlain, share);
    }

    private static ulong ResumeShare =>
        Measurement.Share(MeasureKind.DryAnswer) + Measurement.Share(MeasureKind.DryTouch);

    /// <summary>Lets a faulter make its rounds, each with a fresh page; the durations lie on the board afterwards.</summary>
    private static FrameCapability Fault(ulong pagerEntry, ulong region)
    {
        FrameCapability backing = Workshop.Frame(Samples.Capacity);
        StartPager(pagerEntry, backing);
        SupplyTables(region);
        Board.Set(MeasureLayout.FirstPage, region);
        Board.Set(MeasureLayout.Rounds, Samples.Capacity);
        Servant faulter = Servant.Make(Places.Other, 0, FaulterPriority, Entries.Faulter);
        Workshop.Must(faulter.Thread.Resume());
        // It preempts this thread, and has made all its rounds when this one runs again.
        Workshop.Must(Places.Done.Wait(out ulong bits));
        Report.Begin();
        Report.Check(bits == 1 && faulter.State == ThreadState.Waiting, (ulong)faulter.State);
        Report.Check(Board.Get(MeasureLayout.StatusSum) == 0, Board.Get(MeasureLayout.StatusSum));
        CheckPages(backing);
        return backing;
    }

    private static void StartPager(ulong entry, FrameCapability backing)
    {
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        var slot = new CapabilitySlot(FaultTable.SlotFor(0));
        table.Delete(slot);
        Workshop.Must(table.Mint(slot, CapTableCapability.Own, endpoint, EndpointRights.Send, PagerBadge));
        Board.Set(MeasureLayout.ServerSlot, endpoint.Slot);
        Board.Set(MeasureLayout.ServerInfo, MessageInfo.Of(0, 0).Value);
        Board.Set(MeasureLayout.FrameSlot, backing.Slot);
        ulong rights = (ulong)Rights << 32;
        Board.Set(MeasureLayout.FrameAndRights, backing.Slot.Value | rights);
        Board.Set(MeasureLayout.SpaceAndRights, Places.Other.Slot.Value | rights);
        Servant pager = Servant.Make(Workshop.OwnSpace, 0, PagerPriority, entry);
        pager.Start(ThreadState.Receiving);
        pager.MakePassive(PagerPriority);
    }

    /// <summary>All page tables of the region, so that no mapping misses one.</summary>
    private static void SupplyTables(ulong region)
    {
        FrameCapability page = Workshop.Frame(1);
        const ulong tableBytes = 512 * UserLayout.PageSize;
        for (ulong address = region; address < region + Samples.Capacity * UserLayout.PageSize; address += tableBytes)
        {
            Workshop.Map(Places.Other, page, address, Rights, 1);
            Workshop.Must(page.Unmap());
        }
    }

    /// <summary>Each page has been written by the touch that faulted, and none twice.</summary>
    private static unsafe void CheckPages(FrameCapability backing)
    {
        CapabilitySlot copy = Workshop.Slots(1);
        CapTableCapability own = CapTableCapability.Own;
        Workshop.Must(own.Copy(copy, own, backing.Slot, FrameRights.Read));
        var view = new FrameCapability(copy);
        Workshop.Map(Workshop.OwnSpace, view, View, FrameRights.Read, Samples.Capacity);
        for (ulong i = 0; i < Samples.Capacity; i++)
        {
            ulong word = *(ulong*)(View + i * UserLayout.PageSize);
            Report.Check(word == i, word);
        }
        Workshop.Must(own.Delete(copy));
    }

    private static void Row(ReadOnlySpan<byte> name, int samples, uint empty, ulong share)
    {
        for (int i = 0; i < Samples.Capacity; i++)
        {
            Report.Add(Board.Sample(samples, i) - empty);
        }
        Report.End(name, share);
        Report.Begin();
    }
}
