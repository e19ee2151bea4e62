using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using static Skerry.Tests.Host.Kernel.RefusalWorld;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Interrupt handlers, port ranges, and CPUs to park.</summary>
internal static partial class RefusalCases
{
    private const ulong FreeLine = 7;

    private static Refusal Line(
        Status status,
        ulong interrupt = FreeLine,
        ulong cpu = 0,
        ulong flags = 0,
        uint slot = Empty,
        uint table = 0
    ) =>
        new(
            World.IrqControl,
            (ulong)IrqControlOperation.MakeIoApic,
            status,
            World.Pack(table, slot),
            interrupt,
            cpu,
            flags
        );

    private static Refusal Messages(Status status, ulong cpu = 0, uint slot = Empty) =>
        new(World.IrqControl, (ulong)IrqControlOperation.MakeMsi, status, World.Pack(0, slot), 0, cpu);

    private static Refusal OnIrq(IrqHandlerOperation operation, Status status, uint handler, uint argument = 0) =>
        new(handler, (ulong)operation, status, argument);

    private static void AddInterrupts(Dictionary<string, Refusal> cases)
    {
        cases["line: behind the first I/O APIC"] = Line(Status.InvalidArgument, IoApicRegisters.FirstInputs);
        cases["line: behind the last"] = Line(
            Status.InvalidArgument,
            IoApicRegisters.SecondBase + IoApicRegisters.SecondInputs
        );
        cases["line: of more than 32 bits"] = Line(Status.InvalidArgument, 1ul << 32 | FreeLine);
        cases["line: another handler's"] = Line(Status.InterruptTaken, 5);
        cases["line: another handler's, which is closed"] = Line(Status.InterruptTaken, 6);
        cases["line: no such CPU"] = Line(Status.InvalidArgument, cpu: 2);
        cases["line: CPU of more than 32 bits"] = Line(Status.InvalidArgument, cpu: 1ul << 32);
        cases["line: unknown flags"] = Line(Status.InvalidArgument, flags: 4);
        cases["line: CPU without a vector"] = Line(Status.NoVector, cpu: 1);
        cases["line: slot in use"] = Line(Status.SlotOccupied, slot: Endpoint);
        cases["line: slot 0"] = Line(Status.InvalidArgument, slot: 0);
        cases["line: slot outside"] = Line(Status.InvalidArgument, slot: 1 << World.TableBits);
        cases["line: into what is no table"] = Line(Status.WrongObjectType, slot: 1, table: Endpoint);
        cases["message: no such CPU"] = Messages(Status.InvalidArgument, 2);
        cases["message: CPU without a vector"] = Messages(Status.NoVector, 1);
        cases["message: slot in use"] = Messages(Status.SlotOccupied, slot: Endpoint);

        const IrqHandlerOperation set = IrqHandlerOperation.SetNotification;
        cases["set: an endpoint"] = OnIrq(set, Status.WrongObjectType, ClosedLine, Endpoint);
        cases["set: nothing"] = OnIrq(set, Status.InvalidCapability, ClosedLine, Empty);
        cases["set: may not signal"] = OnIrq(set, Status.MissingRight, ClosedLine, WaitOnly);
        cases["set: of another CPU"] = OnIrq(set, Status.WrongCpu, ClosedLine, RemoteNotification);
        cases["set: one is set"] = OnIrq(set, Status.InvalidState, OpenLine, Notification);
        cases["acknowledge: nothing came"] = OnIrq(IrqHandlerOperation.Acknowledge, Status.InvalidState, OpenLine);
        cases["acknowledge: closed"] = OnIrq(IrqHandlerOperation.Acknowledge, Status.InvalidState, ClosedLine);
        cases["clear: closed"] = OnIrq(IrqHandlerOperation.Clear, Status.InvalidState, Message);
        cases["make frame: a local APIC"] = MakeFrame(Status.InvalidArgument, LocalApic.PhysicalAddress, 1);
        cases["make frame: the last page is an I/O APIC"] = MakeFrame(Status.InvalidArgument, 0xfebf_f000, 2);
    }

    private static Refusal DerivePorts(
        Status status,
        ulong first = 0x3f8,
        ulong count = 1,
        uint slot = Empty,
        uint ports = World.Ports
    ) => new(ports, (ulong)IoPortsOperation.Derive, status, World.Pack(0, slot), first, count);

    private static void AddPorts(Dictionary<string, Refusal> cases)
    {
        cases["port: two bytes over the end"] = new(
            World.Ports,
            (ulong)IoPortsOperation.Out16,
            Status.InvalidArgument,
            0x3ff
        );
        cases["ports: first below"] = DerivePorts(Status.InvalidArgument, 0x3f7, 2);
        cases["ports: first above"] = DerivePorts(Status.InvalidArgument, 0x400);
        cases["ports: none"] = DerivePorts(Status.InvalidArgument, count: 0);
        cases["ports: over the end"] = DerivePorts(Status.InvalidArgument, 0x3f9, 8);
        cases["ports: count that wraps"] = DerivePorts(Status.InvalidArgument, count: ulong.MaxValue);
        cases["ports: slot in use"] = DerivePorts(Status.SlotOccupied, slot: Endpoint);
        cases["ports: slot outside"] = DerivePorts(Status.InvalidArgument, slot: 1 << World.TableBits);
    }

    private static void AddParking(Dictionary<string, Refusal> cases)
    {
        cases["park: the caller's own CPU"] = new(
            World.FirstCpuControl,
            (ulong)CpuControlOperation.Park,
            Status.WrongCpu
        );
        cases["wake: a CPU that runs"] = new(
            World.FirstCpuControl + 1,
            (ulong)CpuControlOperation.Wake,
            Status.InvalidState
        );
    }
}
