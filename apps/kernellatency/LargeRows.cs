using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>Much memory at once: more of the same steps than the rows of <see cref="MemoryRows"/> take.</summary>
internal static unsafe class LargeRows
{
    private const int MemoryBits = 25;
    private const ulong Pages = (1ul << MemoryBits) / UserLayout.PageSize;
    private const ulong Window = UserLayout.AttachBase + 0x1_0000_0000;

    private const int HugeBits = 29;
    private const ulong HugePages = 1ul << (30 - 12);
    private const ulong HugeWindow = UserLayout.AttachBase + 0x8_0000_0000;

    /// <summary>Where no memory is: nobody touches it.</summary>
    private const ulong HugePhysical = 0x80_0000_0000;

    private static UntypedCapability memory;
    private static FrameCapability frame;

    private static UntypedCapability huge;
    private static FrameCapability device;

    private static bool HasHuge
    {
        get
        {
            for (uint i = 0; i < Workshop.Facts->UntypedCount; i++)
            {
                if (Workshop.Facts->Untypeds[(int)i].Length > 1ul << HugeBits)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Before much else is made of the largest piece.</summary>
    public static void Open()
    {
        if (HasHuge)
        {
            huge = Workshop.Untyped(HugeBits);
        }
    }

    public static void Run()
    {
        memory = Workshop.Untyped(MemoryBits);
        frame = new FrameCapability(Workshop.Slots(1));
        Use();
        Sweep.Row("unmap-32-mib"u8, &Map, &Unmap);
        Sweep.Row("zero-32-mib"u8, &Revoke, &Use);
        device = new FrameCapability(Workshop.Slots(1));
        var control = new MemoryControlCapability(new CapabilitySlot((uint)InitialSlot.MemoryControl));
        Subject.Check(control.MakeFrame(CapTableCapability.Own, device.Slot, HugePhysical, HugePages));
        Sweep.Row("unmap-1-gib"u8, &MapHuge, &UnmapHuge);
        if (HasHuge)
        {
            Revoke();
            memory = huge;
            Sweep.Row("zero-512-mib"u8, &Revoke, &Use);
        }
    }

    private static void Use()
    {
        Subject.Check(memory.Query(out _, out int bits, out _));
        ulong pages = (1ul << bits) / UserLayout.PageSize;
        Subject.Check(memory.Retype(ObjectType.Frame, 0, 0, 1, CapTableCapability.Own, frame.Slot, pages));
    }

    private static void MapHuge() => Workshop.Map(Workshop.OwnSpace, device, HugeWindow, FrameRights.Read, HugePages);

    private static void UnmapHuge() => Subject.Check(device.Unmap());

    private static void Map() => Workshop.Map(Workshop.OwnSpace, frame, Window, FrameRights.Read, Pages);

    private static void Unmap() => Subject.Check(frame.Unmap());

    private static void Revoke() => Subject.Check(CapTableCapability.Own.Revoke(memory.Slot));
}
