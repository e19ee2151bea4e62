using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>Untyped memory, copies, rights, deletion and revocation, seen from user level.</summary>
internal static unsafe class CapabilityTests
{
    private const int SmallBits = 14;

    public static bool Run() => Exhaustion() & Rights() & RevokeGivesZeroedMemory() & WrongArguments();

    private static bool Check(System.ReadOnlySpan<byte> name, Status actual, Status expected)
    {
        bool passed = actual == expected;
        Console.Test(name, passed, "status"u8, (ulong)actual);
        return passed;
    }

    private static bool Exhaustion()
    {
        UntypedCapability memory = Workshop.Untyped(SmallBits);
        CapabilitySlot slots = Workshop.Slots(8);
        bool passed = Check("retype-fits"u8, memory.RetypeFrame(3, slots), Status.Ok);
        passed &= Check("retype-exhausted"u8, memory.RetypeFrame(2, slots.Next()), Status.OutOfMemory);
        passed &= Check("retype-occupied"u8, memory.RetypeFrame(1, slots), Status.SlotOccupied);
        passed &= Check("delete-with-children"u8, CapTableCapability.Own.Delete(memory.Slot), Status.HasChildren);
        passed &= Check("delete"u8, CapTableCapability.Own.Delete(slots), Status.Ok);
        return passed & Check("retype-again"u8, memory.RetypeFrame(4, slots), Status.Ok);
    }

    private static bool Rights()
    {
        var endpoint = new EndpointCapability(Workshop.Make(ObjectType.Endpoint));
        CapabilitySlot slots = Workshop.Slots(4);
        CapTableCapability own = CapTableCapability.Own;
        bool passed = Check("mint"u8, own.Mint(slots, own, endpoint, EndpointRights.Send, 7), Status.Ok);
        var minted = new EndpointCapability(slots);
        passed &= Check("recv-without-right"u8, minted.Recv(out _), Status.MissingRight);
        passed &= Check(
            "mint-badged"u8,
            own.Mint(slots.Next(), own, minted, EndpointRights.Send, 8),
            Status.InvalidState
        );
        passed &= Check("nbsend-alone"u8, minted.NBSend(Message.Of(1)), Status.WouldBlock);
        passed &= Check("revoke"u8, own.Revoke(endpoint.Slot), Status.Ok);
        return passed & Check("send-revoked"u8, minted.NBSend(Message.Of(1)), Status.InvalidCapability);
    }

    private static bool RevokeGivesZeroedMemory()
    {
        UntypedCapability memory = Workshop.Untyped(SmallBits);
        CapabilitySlot slot = Workshop.Slots(1);
        const ulong window = UserLayout.AttachBase + 0x20_0000;
        Workshop.Must(memory.RetypeFrame(1, slot));
        Workshop.Map(Workshop.OwnSpace, new FrameCapability(slot), window, FrameRights.Read | FrameRights.Write, 1);
        *(ulong*)window = 0x1234;
        Workshop.Must(CapTableCapability.Own.Revoke(memory.Slot));
        bool gone = Workshop.OwnSpace.Query(window, out _, out _) == Status.NotMapped;
        Workshop.Must(memory.RetypeFrame(1, slot));
        Workshop.Map(Workshop.OwnSpace, new FrameCapability(slot), window, FrameRights.Read | FrameRights.Write, 1);
        ulong value = *(ulong*)window;
        Console.Test("revoke-unmaps"u8, gone, "mapped"u8, gone ? 0u : 1u);
        Console.Test("retype-zeroed"u8, value == 0, "word"u8, value);
        return gone && value == 0;
    }

    private static bool WrongArguments()
    {
        var frame = Workshop.Frame(1);
        AddressSpaceCapability space = Workshop.OwnSpace;
        bool passed = Check(
            "unknown-slot"u8,
            new EndpointCapability(new CapabilitySlot(0x12_3456)).NBSend(Message.Of(0)),
            Status.InvalidCapability
        );
        passed &= Check(
            "wrong-type"u8,
            new EndpointCapability(frame.Slot).NBSend(Message.Of(0)),
            Status.WrongObjectType
        );
        passed &= Check("map-misaligned"u8, MapAt(frame, space, UserLayout.AttachBase + 1), Status.Misaligned);
        passed &= Check("map-kernel"u8, MapAt(frame, space, 0xffff_8000_0000_0000), Status.InvalidAddress);
        passed &= Check("map-non-canonical"u8, MapAt(frame, space, 0x0000_8000_0000_0000), Status.InvalidAddress);
        passed &= Check("unmap-unmapped"u8, frame.Unmap(), Status.NotMapped);
        var frameRequest = new SystemCallFrame { Number = 99 };
        return passed & Check("unknown-system-call"u8, SystemCalls.Trap(ref frameRequest), Status.UnknownSystemCall);
    }

    private static Status MapAt(FrameCapability frame, AddressSpaceCapability space, ulong address) =>
        frame.Map(space, FrameRights.Read, address, 0, 1, out _);
}
