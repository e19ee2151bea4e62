using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>What operations are made on: memory that is given back before each, and slots for what is made of it.</summary>
internal static class Subject
{
    private const int MemoryBits = 24;
    public const uint SlotCount = 2048;

    private static CapabilitySlot first;

    public static UntypedCapability Memory { get; private set; }

    public static void Open()
    {
        Memory = Workshop.Untyped(MemoryBits);
        first = Workshop.Slots(SlotCount);
    }

    /// <summary>Every operation has answered what it should.</summary>
    public static bool IsRight => !isWrong;

    private static bool isWrong;

    public static CapabilitySlot Slot(uint index) => first.Next(index);

    public static void Check(Status status)
    {
        if (status != Status.Ok)
        {
            isWrong = true;
            Console.Test("latency-answer"u8, false, "status"u8, (ulong)status);
        }
    }

    /// <summary>All that was made is gone, and the memory begins anew.</summary>
    public static void Clear()
    {
        Check(CapTableCapability.Own.Revoke(Memory.Slot));
        Check(Memory.Reset());
    }

    public static void Make(ObjectType type, uint count, uint at = 0, int sizeBits = 0, ulong pages = 0) =>
        Check(Memory.Retype(type, sizeBits, 0, count, CapTableCapability.Own, Slot(at), pages));

    public static void Delete(uint index) => Check(CapTableCapability.Own.Delete(Slot(index)));

    /// <summary>An endpoint alone, in the first slot.</summary>
    public static void MakeEndpoint() => MakeOnly(ObjectType.Endpoint);

    /// <summary>A notification alone, in the first slot.</summary>
    public static void MakeNotification() => MakeOnly(ObjectType.Notification);

    /// <summary>What is in the first slot.</summary>
    public static void DeleteFirst() => Delete(0);

    private static void MakeOnly(ObjectType type)
    {
        Clear();
        Make(type, 1);
    }
}
