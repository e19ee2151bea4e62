using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>What capability operations cost, from before the call of the typed capability to after it.</summary>
internal static unsafe class CapabilityFigures
{
    private const int WarmUp = 10;
    private const int ManySlots = 512;
    private const uint MostAtOnce = 256;

    private static Samples first;
    private static Samples second;

    public static void Run()
    {
        CopyAndDelete();
        RetypeAndDelete();
        RetypeAndRevokeMany();
    }

    private static void CopyAndDelete()
    {
        CapTableCapability own = CapTableCapability.Own;
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        CapabilitySlot copy = Workshop.Slots(1);
        Clear();
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            ulong start = SystemCalls.ReadTimeStampCounter();
            Status copied = own.Copy(copy, own, endpoint.Slot, EndpointRights.Send);
            ulong middle = SystemCalls.ReadTimeStampCounter();
            Status deleted = own.Delete(copy);
            ulong end = SystemCalls.ReadTimeStampCounter();
            Workshop.Must(copied);
            Workshop.Must(deleted);
            Add(i, middle - start, end - middle);
        }
        Console.Bench("cap-copy"u8, ref first);
        Console.Bench("cap-delete"u8, ref second);
    }

    /// <summary>Beside another object, so that the untyped memory is not zeroed each time.</summary>
    private static void RetypeAndDelete()
    {
        CapabilitySlot slots = Workshop.Slots(2);
        UntypedCapability memory = Workshop.Untyped(18);
        Workshop.Must(memory.RetypeObject(ObjectType.Endpoint, 0, slots));
        Clear();
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            ulong start = SystemCalls.ReadTimeStampCounter();
            Status made = memory.RetypeObject(ObjectType.Endpoint, 0, slots.Next());
            ulong middle = SystemCalls.ReadTimeStampCounter();
            Status deleted = CapTableCapability.Own.Delete(slots.Next());
            ulong end = SystemCalls.ReadTimeStampCounter();
            Workshop.Must(made);
            Workshop.Must(deleted);
            Add(i, middle - start, end - middle);
        }
        Console.Bench("retype-endpoint"u8, ref first);
        Console.Bench("delete-endpoint"u8, ref second);
    }

    private static void RetypeAndRevokeMany()
    {
        const int rounds = 20;
        CapabilitySlot slots = Workshop.Slots(ManySlots);
        UntypedCapability memory = Workshop.Untyped(21);
        CapTableCapability own = CapTableCapability.Own;
        Clear();
        for (int i = -1; i < rounds; i++)
        {
            ulong start = SystemCalls.ReadTimeStampCounter();
            Status made = memory.Retype(ObjectType.Frame, 0, 0, MostAtOnce, own, slots, 1);
            Status more = memory.Retype(ObjectType.Frame, 0, 0, MostAtOnce, own, slots.Next(MostAtOnce), 1);
            ulong middle = SystemCalls.ReadTimeStampCounter();
            Status revoked = own.Revoke(memory.Slot);
            ulong end = SystemCalls.ReadTimeStampCounter();
            Workshop.Must(made);
            Workshop.Must(more);
            Workshop.Must(revoked);
            Add(i, middle - start, end - middle);
        }
        Console.Bench("retype-512-frames"u8, ref first);
        Console.Bench("revoke-512-frames"u8, ref second);
    }

    private static void Clear()
    {
        first.Clear();
        second.Clear();
        for (int i = 0; i < WarmUp; i++)
        {
            first.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
            second.Calibrate(SystemCalls.ReadTimeStampCounter(), SystemCalls.ReadTimeStampCounter());
        }
    }

    private static void Add(int round, ulong firstTicks, ulong secondTicks)
    {
        if (round >= 0)
        {
            first.Add(firstTicks);
            second.Add(secondTicks);
        }
    }
}
