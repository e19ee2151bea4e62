using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Every operation with each kind of wrong argument: the status says which, and nothing has changed.</summary>
public sealed class RefusalTests
{
    private readonly RefusalWorld _objects = new();

    public static TheoryData<string> Names => [.. RefusalCases.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void NothingChanges(string name)
    {
        Refusal refusal = RefusalCases.All[name];
        byte[] before = Snapshot.Take();
        Status status = _objects.Invoke(refusal);
        Assert.Equal(refusal.Expected, status);
        Assert.Null(Snapshot.FirstDifference(before, Snapshot.Take()));
        Assert.Empty(Invariants.Broken(_objects.World));
    }

    [Fact]
    public void AChangeShows()
    {
        byte[] before = Snapshot.Take();
        var copy = new Refusal(
            World.Own,
            (ulong)CapTableOperation.Copy,
            Status.Ok,
            900,
            World.Pack(RefusalWorld.Endpoint, 7)
        );
        Assert.Equal(Status.Ok, _objects.Invoke(copy));
        Assert.NotNull(Snapshot.FirstDifference(before, Snapshot.Take()));
    }
}

/// <summary>An invocation and what it comes to.</summary>
internal readonly record struct Refusal(
    ulong Slot,
    ulong Operation,
    Status Expected,
    ulong Word0 = 0,
    ulong Word1 = 0,
    ulong Word2 = 0,
    ulong Word3 = 0
);

/// <summary>One object of each kind at fixed slots.</summary>
internal sealed unsafe class RefusalWorld
{
    public const uint Endpoint = 32;
    public const uint Notification = 33;
    public const uint Fresh = 34;
    public const uint Context = 35;
    public const uint Reply = 36;
    public const uint Frame = 37;
    public const uint PageTable = 38;
    public const uint Space = 39;
    public const uint Table = 40;
    public const uint SmallUntyped = 41;
    public const uint SendOnly = 42;
    public const uint WaitOnly = 43;
    public const uint ReadOnly = 44;
    public const uint WriteOnly = 79;
    public const uint Badged = 45;
    public const uint Foreign = 46;
    public const uint Started = 47;
    public const uint OtherContext = 48;
    public const uint RemoteNotification = 49;
    public const uint MappedFrame = 50;
    public const uint MappedTable = 51;
    public const uint UpperTable = 52;
    public const uint TopTable = 53;
    public const uint BoundNotification = 54;
    public const uint BoundReply = 55;
    public const uint SignalOnly = 56;
    public const uint LargeFrame = 90;
    public const uint OtherLargeFrame = 91;
    public const uint ShortFrame = 92;
    public const uint OpenLine = 57;
    public const uint ClosedLine = 58;
    public const uint Message = 59;
    public const uint ThreePages = 93;
    public const uint ManyPages = 94;
    public const uint TracedFrame = 95;
    public const uint RemoteContext = 96;
    public const uint RemoteThread = 97;
    public const uint WeakControl = 98;
    public const uint SpentControl = 99;
    public const uint DeepControl = 100;
    public const uint TimedContext = 101;
    public const uint RemoteTime = 102;
    public const uint WholePart = 103;
    public const uint NoPriority = 104;
    public const uint CpuToSee = 105;
    public const uint CpuToCommand = 106;
    public const uint Empty = 800;

    /// <summary>CPU 1 has no device vector left: its messages stand from here on.</summary>
    private const uint FirstMessage = 200;

    /// <summary>Mapped in Space, with a page of MappedFrame.</summary>
    public const ulong MappedAt = 0x40_0000;

    /// <summary>Mapped in Space by one page of 2 MiB of OtherLargeFrame.</summary>
    public const ulong LargeAt = 0x80_0000;

    public RefusalWorld()
    {
        World.Operate(0);
        Make(Endpoint, ObjectType.Endpoint);
        Make(Notification, ObjectType.Notification);
        Make(Fresh, ObjectType.Thread);
        Make(Context, ObjectType.SchedContext);
        Make(Reply, ObjectType.Reply);
        Make(Frame, ObjectType.Frame, pages: 4);
        Make(PageTable, ObjectType.PageTable);
        Make(Space, ObjectType.AddressSpace);
        Make(Table, ObjectType.CapTable, sizeBits: 4);
        Make(SmallUntyped, ObjectType.Untyped, sizeBits: 12);
        Make(Started, ObjectType.Thread);
        Make(OtherContext, ObjectType.SchedContext);
        Make(RemoteNotification, ObjectType.Notification, cpu: 1);
        Make(MappedFrame, ObjectType.Frame, pages: 2);
        Make(MappedTable, ObjectType.PageTable);
        Make(UpperTable, ObjectType.PageTable);
        Make(TopTable, ObjectType.PageTable);
        Make(BoundNotification, ObjectType.Notification);
        Make(BoundReply, ObjectType.Reply);
        Make(ThreePages, ObjectType.Frame, pages: 3);
        MakeForeign(ManyPages, 0x70_0000_0000, 2 * TraceRing.MaximumPages);
        Make(TracedFrame, ObjectType.Frame, pages: 2);
        Good(World.Invoke(0, World.FirstCpuControl, (ulong)CpuControlOperation.StartTrace, TracedFrame));
        Make(RemoteContext, ObjectType.SchedContext, cpu: 1);
        Make(RemoteThread, ObjectType.Thread, cpu: 1);
        Good(World.Copy(SendOnly, Endpoint, (uint)EndpointRights.Send));
        Good(World.Copy(WaitOnly, Notification, (uint)NotificationRights.Wait));
        Good(World.Copy(SignalOnly, Notification, (uint)NotificationRights.Signal));
        Good(World.Copy(ReadOnly, Frame, (uint)FrameRights.Read));
        Good(World.Copy(WriteOnly, Frame, (uint)FrameRights.Write));
        Good(World.Mint(Badged, Endpoint, 7));
        Good(
            World.Invoke(
                0,
                World.MemoryControl,
                (ulong)MemoryControlOperation.MakeFrame,
                World.Pack(0, Foreign),
                0xf000_0000,
                2
            )
        );
        MakeControls();
        MakeForeign(LargeFrame, 0x40_0000_0000, 3 << 18);
        MakeForeign(OtherLargeFrame, 0x50_0000_0000, 1024);
        MakeForeign(ShortFrame, 0x60_0000_0000, 511);
        Start();
        StartRemote();
        Map();
        TakeInterrupts();
    }

    /// <summary>One of low priority, one of a share that is handed out but for a tenth, the last of a line.</summary>
    private void MakeControls()
    {
        Good(World.DeriveControl(WeakControl, World.FirstSchedControl, 5));
        Good(World.DeriveControl(SpentControl, World.FirstSchedControl, 63, SchedShare.Whole / 2));
        Make(TimedContext, ObjectType.SchedContext);
        Good(World.ConfigureBy(TimedContext, 400, 1000, SpentControl));
        Make(RemoteTime, ObjectType.SchedContext, cpu: 1);
        Good(World.Configure(RemoteTime, 10_000, 0, cpu: 1));
        Good(World.Copy(CpuToSee, World.FirstCpuControl + 1, (uint)(CpuRights.Observe | CpuRights.Trace)));
        Good(World.Copy(CpuToCommand, World.FirstCpuControl + 1, (uint)CpuRights.Command));
        Make(NoPriority, ObjectType.Thread);
        Good(World.OnThread(NoPriority, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space)));
        Good(World.DeriveControl(WholePart, World.FirstSchedControl, 63));
        uint above = WholePart;
        for (uint i = 1; i < SchedShare.MaximumDepth; i++)
        {
            uint below = i == SchedShare.MaximumDepth - 1 ? DeepControl : 110 + i;
            Good(World.DeriveControl(below, above, 63));
            above = below;
        }
    }

    private void MakeForeign(uint slot, ulong physical, ulong pages)
    {
        const ulong operation = (ulong)MemoryControlOperation.MakeFrame;
        Good(World.Invoke(0, World.MemoryControl, operation, World.Pack(0, slot), physical, pages));
    }

    public World World { get; } = new(2);

    public Status Invoke(Refusal refusal) =>
        World.Invoke(0, refusal.Slot, refusal.Operation, refusal.Word0, refusal.Word1, refusal.Word2, refusal.Word3);

    private static void Good(Status status) => Assert.Equal(Status.Ok, status);

    private void Make(uint slot, ObjectType type, uint sizeBits = 0, uint cpu = 0, ulong pages = 1) =>
        Good(World.Retype(World.Untyped, type, slot, 1, sizeBits, cpu, pages));

    private void Start()
    {
        Good(World.OnThread(Started, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space)));
        Good(World.Configure(OtherContext, 10_000, 0));
        Good(World.Schedule(Started, 10, OtherContext));
        Good(World.OnThread(Started, ThreadOperation.BindNotification, BoundNotification));
        Good(World.OnThread(Started, ThreadOperation.SetReply, BoundReply));
        Good(World.OnThread(Started, ThreadOperation.Resume));
    }

    private void TakeInterrupts()
    {
        Good(World.MakeIoApic(OpenLine, 5));
        Good(World.OnIrq(OpenLine, IrqHandlerOperation.SetNotification, Notification));
        Good(World.MakeIoApic(ClosedLine, 6, 0, InterruptFlags.Level));
        Good(World.MakeMsi(Message));
        for (uint i = 0; i < Vectors.DeviceCount; i++)
        {
            Good(World.MakeMsi(FirstMessage + i, 1));
        }
    }

    private void StartRemote()
    {
        Good(World.OnThread(RemoteThread, ThreadOperation.SetSpaces, World.Pack(World.Own, World.Space)));
        Good(World.Configure(RemoteContext, 10_000, 0, cpu: 1));
        Good(World.Schedule(RemoteThread, 10, RemoteContext));
    }

    private void Map()
    {
        Good(World.Invoke(0, TopTable, (ulong)PageTableOperation.Map, Space, MappedAt, 3));
        Good(World.Invoke(0, UpperTable, (ulong)PageTableOperation.Map, Space, MappedAt, 2));
        Good(World.Invoke(0, MappedTable, (ulong)PageTableOperation.Map, Space, MappedAt, 1));
        Good(World.Invoke(0, MappedFrame, (ulong)FrameOperation.Map, World.Pack(Space, 7), MappedAt, 0, 1));
        ulong large = World.Pack(Space, PageAttributes.Of(FrameRights.All, size: PageSize.MiB2).Value);
        Good(World.Invoke(0, OtherLargeFrame, (ulong)FrameOperation.Map, large, LargeAt, 0, 1));
    }
}
