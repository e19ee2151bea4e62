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

    private static UntypedCapability memory;
    private static FrameCapability frame;

    public static void Run()
    {
        memory = Workshop.Untyped(MemoryBits);
        frame = new FrameCapability(Workshop.Slots(1));
        Use();
        Sweep.Row("unmap-32-mib"u8, &Map, &Unmap);
        Sweep.Row("reset-32-mib"u8, &UseAndRevoke, &Reset);
    }

    private static void Use() =>
        Subject.Check(memory.Retype(ObjectType.Frame, 0, 0, 1, CapTableCapability.Own, frame.Slot, Pages));

    private static void Map() => Workshop.Map(Workshop.OwnSpace, frame, Window, FrameRights.Read, Pages);

    private static void Unmap() => Subject.Check(frame.Unmap());

    private static void UseAndRevoke()
    {
        Subject.Check(CapTableCapability.Own.Revoke(memory.Slot));
        Use();
        Subject.Check(CapTableCapability.Own.Revoke(memory.Slot));
    }

    private static void Reset() => Subject.Check(memory.Reset());
}
