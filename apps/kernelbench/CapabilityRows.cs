using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>Operations on capability tables, untyped memory and frames, one at a time.</summary>
internal static class CapabilityRows
{
    private const int EndpointMemoryBits = 18;
    private const uint MostAtOnce = 50;
    private const ulong Window = UserLayout.AttachBase + 0x2000_0000;

    private static CapabilitySlot Own => CapTableCapability.Own.Slot;

    public static void Run()
    {
        CopyAndDelete(copies: true);
        CopyAndDelete(copies: false);
        RetypeAndDelete(retypes: true);
        RetypeAndDelete(retypes: false);
        Map();
    }

    public static ulong Pack(ulong low, ulong high) => low | (high << 32);

    public static Request Delete(CapabilitySlot slot)
    {
        Request request = Request.Invoke(Own, (ulong)CapTableOperation.Delete);
        request.Word0 = slot.Value;
        return request;
    }

    public static Request Retype(
        UntypedCapability memory,
        ObjectType type,
        uint count,
        CapabilitySlot first,
        ulong pages
    )
    {
        Request request = Request.Invoke(memory.Slot, (ulong)UntypedOperation.Retype);
        request.Word0 = Pack((ulong)type, count);
        request.Word1 = Pack(0, first.Value);
        request.Word2 = pages;
        return request;
    }

    public static Request Map(CapabilitySlot frame, ulong address)
    {
        Request request = Request.Invoke(frame, (ulong)FrameOperation.Map);
        request.Word0 = Pack(Places.Other.Slot.Value, (ulong)(FrameRights.Read | FrameRights.Write));
        request.Word1 = address;
        request.Word2 = 0;
        request.Word3 = 1;
        return request;
    }

    /// <summary>An endpoint's capability into an empty slot of the own table, and away again; the endpoint stays.</summary>
    private static void CopyAndDelete(bool copies)
    {
        CapabilitySlot source = Workshop.Make(ObjectType.Endpoint);
        CapabilitySlot destination = Workshop.Slots(1);
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Request copy = Request.Invoke(Own, (ulong)CapTableOperation.Copy);
            copy.Word0 = Pack(destination.Value, 0);
            copy.Word1 = Pack(source.Value, (ulong)EndpointRights.All);
            uint copyTicks = Measurement.Ticks(ref copy, MeasureKind.Word2);
            Report.Check(copy.Status == Status.Ok, copy.Number);
            Request delete = Delete(destination);
            uint deleteTicks = Measurement.Ticks(ref delete, MeasureKind.Word1);
            Report.Check(delete.Status == Status.Ok, delete.Number);
            if (i >= 0)
            {
                Report.Add(copies ? copyTicks : deleteTicks);
            }
        }
        if (copies)
        {
            Report.End("cap-copy"u8, Measurement.Share(MeasureKind.Word2));
        }
        else
        {
            Report.End("cap-delete"u8, Measurement.Share(MeasureKind.Word1));
        }
    }

    /// <summary>The last capability of an endpoint, so that the endpoint goes; a sibling keeps the memory from starting anew.</summary>
    private static void RetypeAndDelete(bool retypes)
    {
        UntypedCapability memory = Workshop.Untyped(EndpointMemoryBits);
        Workshop.Must(memory.RetypeObject(ObjectType.Endpoint, 0, Workshop.Slots(1)));
        CapabilitySlot slot = Workshop.Slots(1);
        Report.Begin();
        for (int i = -Measurement.WarmUp; i < Samples.Capacity; i++)
        {
            Request retype = Retype(memory, ObjectType.Endpoint, 1, slot, 0);
            uint retypeTicks = Measurement.Ticks(ref retype, MeasureKind.Word3);
            Report.Check(retype.Status == Status.Ok, retype.Number);
            Request delete = Delete(slot);
            uint deleteTicks = Measurement.Ticks(ref delete, MeasureKind.Word1);
            Report.Check(delete.Status == Status.Ok, delete.Number);
            if (i >= 0)
            {
                Report.Add(retypes ? retypeTicks : deleteTicks);
            }
        }
        if (retypes)
        {
            Report.End("retype-endpoint"u8, Measurement.Share(MeasureKind.Word3));
        }
        else
        {
            Report.End("delete-endpoint"u8, Measurement.Share(MeasureKind.Word1));
        }
    }

    /// <summary>Frames of a page each, each mapped once, where all page tables are there.</summary>
    private static void Map()
    {
        UntypedCapability memory = Workshop.Untyped(23);
        CapabilitySlot frames = Workshop.Slots(Samples.Capacity);
        for (uint i = 0; i < Samples.Capacity; i += MostAtOnce)
        {
            CapabilitySlot first = frames.Next(i);
            Workshop.Must(memory.Retype(ObjectType.Frame, 0, 0, MostAtOnce, CapTableCapability.Own, first, 1));
        }
        BulkRows.SupplyTables(Window, Samples.Capacity);
        Report.Begin();
        for (uint i = 0; i < Samples.Capacity; i++)
        {
            ulong address = Window + i * UserLayout.PageSize;
            Request request = Map(frames.Next(i), address);
            uint ticks = Measurement.Ticks(ref request, MeasureKind.Word4);
            Report.Check(request.Status == Status.Ok && request.Word0 == 1, request.Number);
            Report.Add(ticks);
            Report.Check(Places.Other.Query(address, out _, out _) == Status.Ok, address);
        }
        Report.End("map-4k"u8, Measurement.Share(MeasureKind.Word4));
        Workshop.Must(CapTableCapability.Own.Revoke(memory.Slot));
    }
}
