using System.Collections.Generic;
using Skerry.Abi;
using static Skerry.Tests.Host.Kernel.RefusalWorld;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Threads, time, endpoints and what core alone has.</summary>
internal static partial class RefusalCases
{
    private static Refusal OnThread(
        ThreadOperation operation,
        Status status,
        ulong word0 = 0,
        ulong word1 = 0,
        uint thread = Fresh
    ) => new(thread, (ulong)operation, status, word0, word1);

    private static void AddThreads(Dictionary<string, Refusal> cases)
    {
        ulong spaces = World.Pack(World.Own, World.Space);
        cases["spaces: of a started thread"] = OnThread(
            ThreadOperation.SetSpaces,
            Status.InvalidState,
            spaces,
            thread: Started
        );
        cases["spaces: no table"] = OnThread(
            ThreadOperation.SetSpaces,
            Status.WrongObjectType,
            World.Pack(Endpoint, World.Space)
        );
        cases["spaces: no address space"] = OnThread(
            ThreadOperation.SetSpaces,
            Status.WrongObjectType,
            World.Pack(World.Own, Endpoint)
        );
        cases["spaces: nothing"] = OnThread(
            ThreadOperation.SetSpaces,
            Status.InvalidCapability,
            World.Pack(World.Own, Empty)
        );
        cases["scheduling: priority"] = OnThread(
            ThreadOperation.SetScheduling,
            Status.InvalidArgument,
            World.Pack(64, Context)
        );
        cases["scheduling: no context"] = OnThread(
            ThreadOperation.SetScheduling,
            Status.WrongObjectType,
            World.Pack(1, Endpoint)
        );
        cases["scheduling: another's context"] = OnThread(
            ThreadOperation.SetScheduling,
            Status.InvalidState,
            World.Pack(1, OtherContext)
        );
        cases["reply: none"] = OnThread(ThreadOperation.SetReply, Status.WrongObjectType, Endpoint);
        cases["reply: another's"] = OnThread(ThreadOperation.SetReply, Status.InvalidState, BoundReply);
        cases["buffer: no frame"] = OnThread(ThreadOperation.SetBuffer, Status.WrongObjectType, Endpoint);
        cases["buffer: not aligned"] = OnThread(ThreadOperation.SetBuffer, Status.Misaligned, Frame, 8);
        cases["buffer: beyond the frame"] = OnThread(
            ThreadOperation.SetBuffer,
            Status.InvalidArgument,
            Frame,
            4 * PageSize
        );
        cases["buffer: read-only"] = OnThread(ThreadOperation.SetBuffer, Status.InvalidArgument, ReadOnly);
        cases["buffer: write-only"] = OnThread(ThreadOperation.SetBuffer, Status.InvalidArgument, WriteOnly);
        cases["buffer: memory of others"] = OnThread(ThreadOperation.SetBuffer, Status.InvalidArgument, Foreign);
        cases["buffer: of a started thread"] = OnThread(
            ThreadOperation.SetBuffer,
            Status.InvalidState,
            Frame,
            thread: Started
        );
        cases["registers: of a started thread"] = OnThread(
            ThreadOperation.WriteRegisters,
            Status.InvalidState,
            0x1000,
            thread: Started
        );
        cases["registers: kernel address"] = OnThread(
            ThreadOperation.WriteRegisters,
            Status.InvalidAddress,
            UserLayout.UserEnd
        );
        cases["resume: a started thread"] = OnThread(ThreadOperation.Resume, Status.InvalidState, thread: Started);
        cases["resume: without an address space"] = OnThread(ThreadOperation.Resume, Status.InvalidState);
        cases["bind: no notification"] = OnThread(ThreadOperation.BindNotification, Status.WrongObjectType, Endpoint);
        cases["bind: may not wait"] = OnThread(ThreadOperation.BindNotification, Status.MissingRight, SignalOnly);
        cases["bind: of another CPU"] = OnThread(ThreadOperation.BindNotification, Status.WrongCpu, RemoteNotification);
        cases["bind: is bound"] = OnThread(ThreadOperation.BindNotification, Status.InvalidState, BoundNotification);
        cases["configure: no budget"] = new(
            Context,
            (ulong)SchedContextOperation.Configure,
            Status.InvalidArgument,
            0,
            100,
            World.FirstSchedControl
        );
        cases["configure: period below the budget"] = new(
            Context,
            (ulong)SchedContextOperation.Configure,
            Status.InvalidArgument,
            100,
            99,
            World.FirstSchedControl
        );
        cases["configure: budget too large"] = new(
            Context,
            (ulong)SchedContextOperation.Configure,
            Status.InvalidArgument,
            1ul << 40
        );
        cases["configure: period too large"] = new(
            Context,
            (ulong)SchedContextOperation.Configure,
            Status.InvalidArgument,
            1,
            1ul << 40
        );
        AddNewer(cases);
        AddAuthority(cases);
        cases["join: may not receive"] = new(
            SendOnly,
            (ulong)EndpointOperation.JoinGroup,
            Status.MissingRight,
            Endpoint
        );
        cases["join: one that it may not receive from"] = new(
            Endpoint,
            (ulong)EndpointOperation.JoinGroup,
            Status.MissingRight,
            SendOnly
        );
        cases["join: what is no endpoint"] = new(
            Endpoint,
            (ulong)EndpointOperation.JoinGroup,
            Status.WrongObjectType,
            Frame
        );
    }

    private static Refusal Breakpoint(
        Status status,
        uint index = 0,
        BreakpointKind kind = BreakpointKind.Write,
        uint length = 8,
        ulong address = 0x1000
    ) => OnThread(ThreadOperation.SetBreakpoint, status, World.Pack(index, (uint)kind | length << 8), address);

    private static void AddDebugging(Dictionary<string, Refusal> cases)
    {
        cases["breakpoint: a fifth"] = Breakpoint(Status.InvalidArgument, index: 4);
        cases["breakpoint: no such kind"] = Breakpoint(Status.InvalidArgument, kind: (BreakpointKind)2);
        cases["breakpoint: no length"] = Breakpoint(Status.InvalidArgument, length: 0);
        cases["breakpoint: three bytes"] = Breakpoint(Status.InvalidArgument, length: 3);
        cases["breakpoint: sixteen bytes"] = Breakpoint(Status.InvalidArgument, length: 16);
        cases["breakpoint: instruction of two"] = Breakpoint(
            Status.InvalidArgument,
            kind: BreakpointKind.Execute,
            length: 2
        );
        cases["breakpoint: not aligned"] = Breakpoint(Status.Misaligned, address: 0x1004);
        cases["breakpoint: kernel address"] = Breakpoint(Status.InvalidAddress, address: 0xffff_8000_0000_0000);
        cases["breakpoint: first address behind user memory"] = Breakpoint(
            Status.InvalidAddress,
            address: UserLayout.UserEnd
        );
        cases["breakpoint: not canonical"] = Breakpoint(Status.InvalidAddress, address: 0x0000_8000_0000_0000);
        cases["clear breakpoint: a fifth"] = OnThread(ThreadOperation.ClearBreakpoint, Status.InvalidArgument, 4);
        cases["single step: neither on nor off"] = OnThread(ThreadOperation.SetSingleStep, Status.InvalidArgument, 2);
    }

    private static void AddNewer(Dictionary<string, Refusal> cases)
    {
        cases["priority: too high"] = OnThread(ThreadOperation.SetPriority, Status.InvalidArgument, 64);
        cases["priority: number that wraps"] = OnThread(ThreadOperation.SetPriority, Status.InvalidArgument, 1ul << 32);
        cases["CPU: with a bound notification"] = OnThread(
            ThreadOperation.SetCpu,
            Status.InvalidState,
            World.FirstSchedControl + 1,
            thread: Started
        );
        cases["all registers: own, to read"] = OnThread(
            ThreadOperation.ReadAllRegisters,
            Status.InvalidState,
            thread: World.FirstOperator
        );
        cases["all registers: own, to write"] = OnThread(
            ThreadOperation.WriteAllRegisters,
            Status.InvalidState,
            thread: World.FirstOperator
        );
        cases["all registers: no buffer to read into"] = OnThread(
            ThreadOperation.ReadAllRegisters,
            Status.MessageTooLong
        );
        cases["all registers: no buffer to write from"] = OnThread(
            ThreadOperation.WriteAllRegisters,
            Status.MessageTooLong,
            0x1000
        );
        AddDebugging(cases);
        cases["faults: no such"] = OnThread(ThreadOperation.SetFaults, Status.InvalidArgument, 16);
        cases["yield to: nobody"] = new(Context, (ulong)SchedContextOperation.YieldTo, Status.InvalidState);
        cases["yield to: a thread of another CPU"] = new(
            RemoteContext,
            (ulong)SchedContextOperation.YieldTo,
            Status.WrongCpu
        );
    }

    private static Refusal MakeFrame(Status status, ulong physical, ulong pages, uint slot = Empty) =>
        new(World.MemoryControl, (ulong)MemoryControlOperation.MakeFrame, status, World.Pack(0, slot), physical, pages);

    private static void AddControls(Dictionary<string, Refusal> cases)
    {
        const ulong make = (ulong)DoorbellControlOperation.Make;
        const ulong bind = (ulong)CpuControlOperation.BindDoorbell;
        const ulong other = 0xf000_0000;
        cases["doorbell: all CPUs"] = new(
            World.DoorbellControl,
            make,
            Status.InvalidArgument,
            World.Pack(0, Empty),
            255
        );
        cases["doorbell: slot in use"] = new(
            World.DoorbellControl,
            make,
            Status.SlotOccupied,
            World.Pack(0, Endpoint),
            1
        );
        cases["doorbell: no such operation"] = new(World.DoorbellControl, Nonsense, Status.UnknownOperation);
        cases["make frame: not aligned"] = MakeFrame(Status.Misaligned, other + 1, 1);
        cases["make frame: no pages"] = MakeFrame(Status.InvalidArgument, other, 0);
        cases["make frame: too large"] = MakeFrame(Status.InvalidArgument, other, 1 << 25);
        cases["make frame: beyond all memory"] = MakeFrame(Status.InvalidArgument, 1ul << 47, 1);
        cases["make frame: beyond the processor's addresses"] = MakeFrame(
            Status.InvalidArgument,
            World.PhysicalEnd - PageSize,
            2
        );
        cases["make frame: address that wraps"] = MakeFrame(Status.InvalidArgument, ulong.MaxValue - PageSize + 1, 1);
        cases["make frame: own memory"] = MakeFrame(Status.InvalidArgument, Fakes.HostMemory.Base, 1);
        cases["make frame: the last page is own memory"] = MakeFrame(
            Status.InvalidArgument,
            Fakes.HostMemory.Base - PageSize,
            2
        );
        cases["make frame: slot in use"] = MakeFrame(Status.SlotOccupied, other, 1, Endpoint);
        cases["bind doorbell: no notification"] = new(World.FirstCpuControl, bind, Status.WrongObjectType, Endpoint);
        cases["bind doorbell: may not signal"] = new(World.FirstCpuControl, bind, Status.MissingRight, WaitOnly);
        cases["bind doorbell: of another CPU"] = new(World.FirstCpuControl, bind, Status.WrongCpu, RemoteNotification);
        cases["counters: no such"] = new(
            World.FirstCpuControl,
            (ulong)CpuControlOperation.ReadCounters,
            Status.InvalidArgument,
            (ulong)CpuCounter.Count
        );
        AddTraces(cases);
        cases["port: below"] = new(World.Ports, (ulong)IoPortsOperation.In8, Status.InvalidArgument, 0x3f7);
        cases["port: above"] = new(World.Ports, (ulong)IoPortsOperation.Out8, Status.InvalidArgument, 0x400);
        cases["port: wide one over the end"] = new(
            World.Ports,
            (ulong)IoPortsOperation.In32,
            Status.InvalidArgument,
            0x3fd
        );
        cases["port: number that wraps"] = new(
            World.Ports,
            (ulong)IoPortsOperation.In8,
            Status.InvalidArgument,
            ulong.MaxValue
        );
        cases["port: no such operation"] = new(World.Ports, Nonsense, Status.UnknownOperation, 0x3f8);
    }

    private static void AddTraces(Dictionary<string, Refusal> cases)
    {
        const ulong start = (ulong)CpuControlOperation.StartTrace;
        const ulong stop = (ulong)CpuControlOperation.StopTrace;
        const uint other = World.FirstCpuControl + 1;
        cases["trace: empty slot"] = new(other, start, Status.InvalidCapability, Empty);
        cases["trace: slot outside"] = new(other, start, Status.InvalidCapability, 1 << World.TableBits);
        cases["trace: no frame"] = new(other, start, Status.WrongObjectType, Endpoint);
        cases["trace: may not write"] = new(other, start, Status.MissingRight, ReadOnly);
        cases["trace: not a power of two of pages"] = new(other, start, Status.InvalidArgument, ThreePages);
        cases["trace: too many pages"] = new(other, start, Status.InvalidArgument, ManyPages);
        cases["trace: memory that is not the cluster's"] = new(other, start, Status.InvalidArgument, Foreign);
        cases["trace: this CPU is traced"] = new(World.FirstCpuControl, start, Status.InvalidState, Frame);
        cases["stop trace: this CPU is not traced"] = new(other, stop, Status.InvalidState);
    }
}
