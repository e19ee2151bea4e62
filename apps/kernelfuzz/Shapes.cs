using Skerry.Abi;

namespace Skerry.Apps.KernelFuzz;

/// <summary>All system calls and all operations: one line for each. New ones come before the last.</summary>
internal static class Shapes
{
    public const uint Count = 88;

    public static Shape At(uint index) =>
        index switch
        {
            0 => Message(SystemCall.Call, 2),
            1 => Message(SystemCall.Send, 2),
            2 => Message(SystemCall.NBSend, 4),
            3 => Message(SystemCall.ReplyRecv, 2),
            4 => Message(SystemCall.Recv, 2),
            5 => Message(SystemCall.NBRecv, 4),
            6 => new(SystemCall.ReplyMapRecv, ObjectType.Endpoint, 0, 2)
            {
                Word0 = new(Kind.Frame, Kind.Attributes),
                Word1 = new(Kind.Address),
                Word2 = new(Kind.Offset),
                Word3 = new(Kind.Pages),
            },
            7 => new(SystemCall.Send, ObjectType.Reply, 0, 3),
            8 => new(SystemCall.NBSend, ObjectType.Reply, 0, 3),
            9 => new(SystemCall.Signal, ObjectType.Notification, 0, 6),
            10 => new(SystemCall.Signal, ObjectType.Doorbell, 0, 2),
            11 => new(SystemCall.Wait, ObjectType.Notification, 0, 2),
            12 => new(SystemCall.Poll, ObjectType.Notification, 0, 4),
            13 => new(SystemCall.Yield, ObjectType.None, 0, 3),
            14 => On(
                UntypedOperation.Retype,
                new(Kind.RetypeRequest, Kind.Count),
                new(Kind.Table, Kind.Same),
                new(Kind.Pages),
                8
            ),
            15 => On(UntypedOperation.Query, default, default, default, 1),
            16 => On(CapTableOperation.Copy, new(Kind.Slot, Kind.Table), new(Kind.Same, Kind.Rights), default, 8),
            17 => On(
                CapTableOperation.Mint,
                new(Kind.Endpoint, Kind.Table),
                new(Kind.Endpoint, Kind.Rights),
                new(Kind.Badge),
                4
            ),
            18 => On(
                CapTableOperation.Mint,
                new(Kind.Notification, Kind.Table),
                new(Kind.Notification, Kind.Rights),
                new(Kind.Badge),
                3
            ),
            19 => On(
                CapTableOperation.Mint,
                new(Kind.Slot, Kind.Table),
                new(Kind.Same, Kind.Rights),
                new(Kind.Badge),
                1
            ),
            20 => On(CapTableOperation.Move, new(Kind.Slot, Kind.Table), new(Kind.Same), default, 4),
            21 => On(CapTableOperation.Delete, new(Kind.Slot), default, default, 8),
            22 => On(CapTableOperation.Revoke, new(Kind.Slot), default, default, 3),
            23 => On(CapTableOperation.Revoke, new(Kind.Untyped), default, default, 2),
            24 => On(PageTableOperation.Map, new(Kind.AddressSpace), new(Kind.Address), new(Kind.Level), 4),
            25 => On(PageTableOperation.Unmap, default, default, default, 3),
            26 => OnFrame(
                FrameOperation.Map,
                new(Kind.AddressSpace, Kind.Attributes),
                new(Kind.Address),
                new(Kind.Offset),
                8
            ),
            27 => OnFrame(FrameOperation.Unmap, default, default, default, 4),
            28 => OnFrame(FrameOperation.Derive, new(Kind.Table, Kind.Frame), new(Kind.Offset), new(Kind.Pages), 3),
            29 => OnFrame(FrameOperation.Query, default, default, default, 1),
            30 => On(AddressSpaceOperation.SetFaultTable, new(Kind.CapTable), default, default, 1),
            31 => On(AddressSpaceOperation.Query, new(Kind.Address), default, default, 2),
            32 => On(ThreadOperation.SetSpaces, new(Kind.CapTable, Kind.AddressSpace), new(Kind.Number), default, 4),
            33 => On(
                ThreadOperation.SetScheduling,
                new(Kind.Priority, Kind.SchedContext),
                new(Kind.SchedControl),
                default,
                4
            ),
            34 => On(ThreadOperation.SetReply, new(Kind.Reply), default, default, 4),
            35 => On(ThreadOperation.SetBuffer, new(Kind.Frame), new(Kind.Offset), default, 3),
            36 => On(
                ThreadOperation.WriteRegisters,
                new(Kind.InstructionPointer),
                new(Kind.StackPointer),
                new(Kind.Argument),
                4
            ),
            37 => On(ThreadOperation.ReadRegisters, default, default, default, 1),
            38 => On(ThreadOperation.Resume, default, default, default, 4),
            39 => On(ThreadOperation.Suspend, default, default, default, 3),
            40 => On(ThreadOperation.BindNotification, new(Kind.Notification), default, default, 3),
            41 => On(
                SchedContextOperation.Configure,
                new(Kind.Microseconds),
                new(Kind.Microseconds),
                new(Kind.SchedControl),
                3
            ),
            42 => On(SchedContextOperation.Consumed, default, default, default, 1),
            43 => On(EndpointOperation.JoinGroup, new(Kind.Endpoint), default, default, 2),
            44 => On(DoorbellControlOperation.Make, new(Kind.Table, Kind.Same), new(Kind.ApicId), default, 2),
            45 => On(
                MemoryControlOperation.MakeFrame,
                new(Kind.Table, Kind.Frame),
                new(Kind.Physical),
                new(Kind.Pages),
                2
            ),
            46 => On(CpuControlOperation.BindDoorbell, new(Kind.Notification), default, default, 2),
            47 => On(CpuControlOperation.ReadCounters, new(Kind.Counter), default, default, 1),
            48 => On(IoPortsOperation.In8, new(Kind.Port), default, default, 1),
            49 => On(IoPortsOperation.In32, new(Kind.Port), default, default, 1),
            50 => On(IoPortsOperation.Out8, new(Kind.ScratchPort), new(Kind.Number), default, 1),
            51 => On(IoPortsOperation.Out32, new(Kind.ScratchPort), new(Kind.Number), default, 1),
            52 => new((SystemCall)12, ObjectType.Endpoint, 0, 1),
            53 => new((SystemCall)0x1_0000_0001, ObjectType.Endpoint, 0, 1),
            54 => Invoke(ObjectType.Reply, 1, 1),
            55 => Invoke(ObjectType.Notification, 1, 1),
            56 => Invoke(ObjectType.Thread, 0xffff, 1),
            57 => Invoke(ObjectType.CapTable, 0, 1),
            58 => On(UntypedOperation.Reset, default, default, default, 1),
            59 => On(CapTableOperation.Swap, new(Kind.Slot, Kind.Table), new(Kind.Same), default, 3),
            60 => On(EndpointOperation.CancelBadgedSends, default, default, default, 2),
            61 => On(CpuControlOperation.Park, default, default, default, 1),
            62 => On(CpuControlOperation.Wake, default, default, default, 2),
            63 => On(CpuControlOperation.Query, default, default, default, 1),
            64 => On(IoPortsOperation.In16, new(Kind.Port), default, default, 1),
            65 => On(IoPortsOperation.Out16, new(Kind.ScratchPort), new(Kind.Number), default, 1),
            66 => On(IoPortsOperation.Derive, new(Kind.Table, Kind.IoPorts), new(Kind.Port), new(Kind.Pages), 2),
            67 => On(
                IrqControlOperation.MakeIoApic,
                new(Kind.Table, Kind.IrqHandler),
                new(Kind.GlobalInterrupt),
                new(Kind.Cpu),
                3
            ) with
            {
                Word3 = new(Kind.InterruptFlags),
            },
            68 => On(IrqControlOperation.MakeMsi, new(Kind.Table, Kind.IrqHandler), default, new(Kind.Cpu), 2),
            69 => On(IrqHandlerOperation.SetNotification, new(Kind.Notification), default, default, 4),
            70 => On(IrqHandlerOperation.Acknowledge, default, default, default, 2),
            71 => On(IrqHandlerOperation.Clear, default, default, default, 1),
            72 => On(IrqHandlerOperation.Query, default, default, default, 1),
            73 => On(ThreadOperation.SetPriority, new(Kind.Priority), new(Kind.SchedControl), default, 2),
            74 => On(ThreadOperation.SetCpu, new(Kind.SchedControl), default, default, 4),
            75 => On(ThreadOperation.ReadAllRegisters, default, default, default, 1),
            76 => Invoke(
                ObjectType.Thread,
                (ulong)ThreadOperation.WriteAllRegisters,
                new(Kind.InstructionPointer),
                new(Kind.StackPointer),
                new(Kind.Number),
                1
            ),
            77 => On(ThreadOperation.SetFaults, new(Kind.ThreadFaults), new(Kind.Slot), default, 2),
            78 => On(ThreadOperation.SetBreakpoint, new(Kind.Breakpoint), new(Kind.Address), default, 2),
            79 => On(ThreadOperation.ClearBreakpoint, new(Kind.Flag), default, default, 1),
            80 => On(ThreadOperation.SetSingleStep, new(Kind.Flag), default, default, 2),
            81 => On(SchedContextOperation.YieldTo, default, default, default, 2),
            82 => On(CpuControlOperation.StartTrace, new(Kind.Frame), default, default, 1),
            83 => On(CpuControlOperation.StopTrace, default, default, default, 1),
            84 => On(
                SchedControlOperation.Derive,
                new(Kind.Table, Kind.SchedControl),
                new(Kind.Priority, Kind.Share),
                default,
                3
            ),
            85 => On(SchedControlOperation.Query, default, default, default, 1),
            86 => On(UntypedOperation.Zero, new(Kind.Offset), default, default, 2),
            _ => Touch,
        };

    /// <summary>No call: a load or store at a page that is mapped or not.</summary>
    public const uint TouchIndex = Count - 1;

    private static Shape Touch => new(SystemCall.Yield, ObjectType.None, 0, 4);

    private static Shape Message(SystemCall call, uint weight) =>
        new(call, ObjectType.Endpoint, 0, weight)
        {
            Word0 = new(Kind.Number),
            Word1 = new(Kind.Number),
            Word2 = new(Kind.Number),
            Word3 = new(Kind.Number),
        };

    private static Shape Invoke(ObjectType type, ulong operation, uint weight) =>
        new(SystemCall.Invoke, type, operation, weight) { Word0 = new(Kind.Slot), Word1 = new(Kind.Number) };

    private static Shape Invoke(ObjectType type, ulong operation, Words word0, Words word1, Words word2, uint weight) =>
        new(SystemCall.Invoke, type, operation, weight)
        {
            Word0 = word0,
            Word1 = word1,
            Word2 = word2,
        };

    private static Shape On(UntypedOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.Untyped, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(CapTableOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.CapTable, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(PageTableOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.PageTable, (ulong)operation, word0, word1, word2, weight);

    private static Shape OnFrame(FrameOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        new(SystemCall.Invoke, ObjectType.Frame, (ulong)operation, weight)
        {
            Word0 = word0,
            Word1 = word1,
            Word2 = word2,
            Word3 = new(Kind.Pages),
        };

    private static Shape On(AddressSpaceOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.AddressSpace, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(ThreadOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.Thread, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(SchedContextOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.SchedContext, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(SchedControlOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.SchedControl, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(EndpointOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.Endpoint, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(DoorbellControlOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.DoorbellControl, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(MemoryControlOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.MemoryControl, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(CpuControlOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.CpuControl, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(IrqControlOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.IrqControl, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(IrqHandlerOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.IrqHandler, (ulong)operation, word0, word1, word2, weight);

    private static Shape On(IoPortsOperation operation, Words word0, Words word1, Words word2, uint weight) =>
        Invoke(ObjectType.IoPorts, (ulong)operation, word0, word1, word2, weight);
}
