using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// The thread that runs the tests receives the faults of <see cref="CodePage"/>'s threads itself: on CPU n from an endpoint
/// of that CPU, with the badge <see cref="FirstBadge"/> + n.
/// </summary>
internal static unsafe class FaultReceiver
{
    public const ulong FirstBadge = 100;

    private static EndpointCapability endpoint;
    private static CapTableCapability table;
    private static ReplyCapability reply;
    private static Message message;

    /// <summary>An empty slot that one of the routines uses.</summary>
    public static CapabilitySlot Missing { get; private set; }

    /// <summary>Of CPU 1, for the routines that wait there; of CPU 0 where there is no other.</summary>
    public static CapabilitySlot RemoteEndpoint { get; private set; }

    /// <summary>What arrived last.</summary>
    public static ref Message Last => ref message;

    public static void Open()
    {
        uint remote = Workshop.Facts->CpuCount > 1 ? 1u : 0u;
        Missing = Workshop.Slots(1);
        RemoteEndpoint = Workshop.Make(ObjectType.Endpoint, remote);
        CapabilitySlot notification = Workshop.Make(ObjectType.Notification, remote);
        CodePage.Open(Missing.Value, RemoteEndpoint.Value, notification.Value);
        table = Workshop.CapTable(8);
        Workshop.Must(CodePage.Space.SetFaultTable(table));
        reply = new ReplyCapability(Workshop.Make(ObjectType.Reply));
        Workshop.Must(Self.SetReply(reply));
        endpoint = Listen(0);
    }

    public static ThreadCapability Self => new(new CapabilitySlot((uint)InitialSlot.Thread));

    /// <summary>Makes the endpoint for the faults of a CPU.</summary>
    public static EndpointCapability Listen(uint cpu)
    {
        var made = new EndpointCapability(Workshop.Make(ObjectType.Endpoint, cpu));
        var slot = new CapabilitySlot(FaultTable.SlotFor(cpu));
        Workshop.Must(table.Mint(slot, CapTableCapability.Own, made, EndpointRights.Send, FirstBadge + cpu));
        return made;
    }

    /// <summary>From now on faults are received from this endpoint, on its CPU.</summary>
    public static void MoveTo(EndpointCapability other, uint cpu)
    {
        Workshop.Must(Self.SetCpu(Workshop.Control(cpu)));
        endpoint = other;
    }

    public static EndpointCapability Endpoint => endpoint;

    public static bool Receive(FaultLabel label)
    {
        Workshop.Must(endpoint.Recv(out message));
        return Is(label);
    }

    /// <summary>Lets the thread go on, and waits for the next fault.</summary>
    public static bool Next(FaultLabel label)
    {
        message = default;
        Workshop.Must(endpoint.ReplyRecv(ref message));
        return Is(label);
    }

    /// <summary>Sets registers, all or four, and waits for the next fault.</summary>
    public static bool NextWith(int length, ulong ip, ulong accumulator, FaultLabel label)
    {
        message = Registers(length, ip, accumulator);
        Workshop.Must(endpoint.ReplyRecv(ref message));
        return Is(label);
    }

    /// <summary>Sets registers without waiting.</summary>
    public static void Answer(int length, ulong ip, ulong accumulator) =>
        Workshop.Must(reply.Send(Registers(length, ip, accumulator)));

    private static Message Registers(int length, ulong ip, ulong accumulator) =>
        new()
        {
            Info = MessageInfo.Of(FaultReply.SetRegisters, length),
            Word0 = ip,
            Word1 = CodePage.Data,
            Word2 = 0x202,
            Word3 = accumulator,
        };

    private static bool Is(FaultLabel label) => message.Info.IsFromKernel && message.Info.Label == (ulong)label;
}
