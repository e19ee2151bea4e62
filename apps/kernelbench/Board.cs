using System.Threading;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelBench;

/// <summary>The pages that all threads of a measurement see (MeasureLayout).</summary>
internal static unsafe class Board
{
    public static void Set(int field, ulong value) => Volatile.Write(ref *(ulong*)(ulong)field, value);

    public static void Set(int field, CapabilitySlot slot) => Set(field, slot.Value);

    public static ulong Get(int field) => Volatile.Read(ref *(ulong*)(ulong)field);

    /// <summary>One of the durations that a thread has written down.</summary>
    public static uint Sample(int samples, int index) =>
        Volatile.Read(ref *(uint*)(ulong)(samples + index * MeasureLayout.SampleBytes));
}

/// <summary>The two address spaces of all measurements.</summary>
internal static class Places
{
    private const FrameRights Rights = FrameRights.Read | FrameRights.Write;

    /// <summary>Where servers, handlers and faulters live.</summary>
    public static AddressSpaceCapability Other { get; private set; }

    /// <summary>Never signalled.</summary>
    public static NotificationCapability Idle { get; private set; }

    /// <summary>Signalled by threads that have made their rounds.</summary>
    public static NotificationCapability Done { get; private set; }

    public static void Open()
    {
        Other = Workshop.CloneSpace();
        FrameCapability board = Workshop.Frame(MeasureLayout.BoardPages);
        CapabilitySlot copy = Workshop.Slots(1);
        Workshop.Must(CapTableCapability.Own.Copy(copy, CapTableCapability.Own, board.Slot, FrameRights.All));
        Workshop.Map(Workshop.OwnSpace, board, MeasureLayout.Board, Rights, MeasureLayout.BoardPages);
        Workshop.Map(Other, new FrameCapability(copy), MeasureLayout.Board, Rights, MeasureLayout.BoardPages);
        Idle = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Done = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Board.Set(MeasureLayout.IdleSlot, Idle.Slot);
        Board.Set(MeasureLayout.DoneSlot, Done.Slot);
        // No budget shall end in the middle of a measurement.
        var context = new SchedContextCapability(new CapabilitySlot((uint)InitialSlot.SchedContext));
        Workshop.Must(context.Configure(Servant.AmpleBudget, 0, Workshop.Control(0)));
    }
}
