using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>What the scenes (<see cref="Scene"/>) are made of. A worker plays one of them now and then.</summary>
internal static unsafe class Scenes
{
    private const uint Rounds = 8;

    /// <summary>Of a word that is watched: QEMU 7.2 tells of one in some thousand twice (Vector1, kernel/Entry).</summary>
    private const uint LockedChanges = 8;
    private const byte ServersPriority = 10;

    public static void Play(uint worker, ref WorkerRecord record)
    {
        switch (Draw.Below(ref record.State, 16))
        {
            case < 4:
                Serve(worker, ref record);
                break;
            case < 8:
                Call(worker, ref record, (Scene)((uint)Scene.Call + Draw.Below(ref record.State, 3)));
                break;
            case 8:
                MakePassive(ref record);
                break;
            case 9:
            case 10:
                TakeLent(ref record);
                break;
            case 11:
                SingleStep(worker, ref record);
                break;
            case 12:
                Breakpoint(worker, ref record);
                break;
            case 13:
                RevokeBuffer(ref record);
                break;
            default:
                HoldState(ref record);
                break;
        }
    }

    private static void Serve(uint worker, ref WorkerRecord record)
    {
        ulong endpoint = Endpoint(worker, ref record);
        SystemCallFrame message = Make(ref record, Scene.Serve, Traps.Frame(SystemCall.Recv, endpoint));
        for (uint i = 0; i < Rounds && (Status)message.Number == Status.Ok; i++)
        {
            if (Draw.Once(ref record.State, 4))
            {
                Call(worker, ref record, Scene.NestedCall);
            }
            ulong info = Information(ref record, (Scene)((uint)Scene.Call + Draw.Below(ref record.State, 3)));
            message = Make(ref record, Scene.Answer, Traps.Frame(SystemCall.ReplyRecv, endpoint, info, i));
        }
    }

    private static void Call(uint worker, ref WorkerRecord record, Scene scene)
    {
        ulong info = Information(ref record, scene);
        Make(ref record, scene, Traps.Frame(SystemCall.Call, Endpoint(worker, ref record), info, 1, 2, 3, 4));
    }

    /// <summary>Mostly of this worker's CPU, and few, so that they meet.</summary>
    private static ulong Endpoint(uint worker, ref WorkerRecord record)
    {
        uint cpu = Draw.Once(ref record.State, 6)
            ? Draw.Below(ref record.State, Supervisor.Cpus)
            : worker / Layout.WorkersPerCpu;
        return Layout.FirstSlot(ObjectType.Endpoint) + cpu % Layout.SlotsPerType;
    }

    private static ulong Information(ref WorkerRecord record, Scene scene)
    {
        ulong label = Draw.Next(ref record.State) >> 48;
        if (scene is Scene.Call or Scene.NestedCall)
        {
            return MessageInfo.Of(label, (int)Draw.Below(ref record.State, 5)).Value;
        }
        int length = 5 + (int)Draw.Below(ref record.State, MessageLimits.MaximumWords - 4);
        if (scene == Scene.LongCall)
        {
            return MessageInfo.Of(label, length).Value;
        }
        var arguments = new Arguments(ref record.State);
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        int capabilities = 1 + (int)Draw.Below(ref record.State, MessageLimits.MaximumCapabilities);
        for (int i = 0; i < capabilities; i++)
        {
            buffer.SendSlots[i] = arguments.SlotOf((uint)ObjectType.Endpoint + Draw.Below(ref record.State, 3));
        }
        buffer.ReceiveSlot = Layout.FirstSlot(ObjectType.Notification) + Draw.Below(ref record.State, 16);
        buffer.ReceiveCount = Draw.Below(ref record.State, 4);
        return MessageInfo.Of(label, length, capabilities).Value;
    }

    private static uint AnyWorker(ref WorkerRecord record) => Draw.Below(ref record.State, Workers.CountNamed);

    private static ThreadState StateOf(ref WorkerRecord record, uint worker)
    {
        SystemCallFrame frame = Operation(Layout.Selves + worker, (ulong)ThreadOperation.ReadRegisters);
        Board.Admit(ref record, Layout.Bell);
        return SystemCalls.Trap(ref frame) == Status.Ok ? (ThreadState)frame.Word3 : ThreadState.Inactive;
    }

    private static void MakePassive(ref WorkerRecord record)
    {
        uint worker = AnyWorker(ref record);
        for (uint i = 0; i < Workers.CountNamed; i++)
        {
            if (StateOf(ref record, worker) == ThreadState.Receiving)
            {
                ulong operation = (ulong)ThreadOperation.SetScheduling;
                Make(ref record, Scene.MakePassive, Operation(Layout.Selves + worker, operation, ServersPriority));
                return;
            }
            worker = (worker + 1) % Workers.CountNamed;
        }
    }

    private static void TakeLent(ref WorkerRecord record)
    {
        uint worker = AnyWorker(ref record);
        for (uint i = 0; i < Workers.CountNamed; i++)
        {
            if (StateOf(ref record, worker) == ThreadState.AwaitingReply)
            {
                Make(ref record, Scene.TakeLent, Taking(ref record, worker));
                return;
            }
            worker = (worker + 1) % Workers.CountNamed;
        }
    }

    private static SystemCallFrame Taking(ref WorkerRecord record, uint worker)
    {
        uint context = Layout.Contexts + worker;
        ulong control = Layout.FirstSlot(ObjectType.SchedControl) + worker / Layout.WorkersPerCpu;
        switch (Draw.Below(ref record.State, 4))
        {
            case 0:
                ulong budget = 1ul << (int)Draw.Below(ref record.State, 10);
                return Operation(context, (ulong)SchedContextOperation.Configure, budget, 2 * budget, control);
            case 1:
                return Operation(Layout.Selves + worker, (ulong)ThreadOperation.SetScheduling, ServersPriority);
            case 2:
                return Operation(Layout.Selves + worker, (ulong)ThreadOperation.SetCpu, control);
            default:
                return Operation(context, (ulong)SchedContextOperation.YieldTo);
        }
    }

    private static void SingleStep(uint worker, ref WorkerRecord record)
    {
        ulong self = Layout.Selves + worker;
        SystemCallFrame begin = Operation(self, (ulong)ThreadOperation.SetSingleStep, 1);
        SystemCallFrame call = Traps.Frame(SystemCall.Signal, Layout.FirstSlot(ObjectType.Notification));
        if (Draw.Once(ref record.State, 2))
        {
            call = Traps.Frame(SystemCall.Call, Endpoint(worker, ref record), 2, 1, 2);
        }
        SystemCallFrame end = Operation(self, (ulong)ThreadOperation.SetSingleStep);
        SystemCalls.Trap(ref begin);
        SystemCalls.Trap(ref call);
        Make(ref record, Scene.SingleStep, end);
    }

    private static void Breakpoint(uint worker, ref WorkerRecord record)
    {
        ulong self = Layout.Selves + worker;
        ulong address = Layout.Touched + Draw.Below(ref record.State, (uint)Layout.TouchedPages) * UserLayout.PageSize;
        ulong index = Draw.Below(ref record.State, 4);
        ulong kind = Draw.Once(ref record.State, 2) ? (ulong)BreakpointKind.Write : (ulong)BreakpointKind.ReadWrite;
        ulong which = index | ((kind | (8ul << 8)) << 32);
        Make(ref record, Scene.Breakpoint, Operation(self, (ulong)ThreadOperation.SetBreakpoint, which, address));
        ref ulong word = ref *(ulong*)address;
        Volatile.Write(ref word, kind);
        for (uint i = 0; i < LockedChanges; i++)
        {
            Interlocked.Add(ref word, kind);
            Interlocked.Exchange(ref word, index);
        }
        Traps.Call(SystemCall.Signal, Layout.FirstSlot(ObjectType.Notification), 0, 0, 0, 0, 0);
        Volatile.Write(ref word, Volatile.Read(ref word) + index);
        if (!Draw.Once(ref record.State, 8))
        {
            SystemCallFrame end = Operation(self, (ulong)ThreadOperation.ClearBreakpoint, index);
            SystemCalls.Trap(ref end);
        }
    }

    private static void RevokeBuffer(ref WorkerRecord record)
    {
        ulong slot = Layout.Buffers + AnyWorker(ref record);
        uint own = Layout.FirstSlot(ObjectType.CapTable) + Layout.SlotsPerType / 2 + Draw.Below(ref record.State, 2);
        Make(ref record, Scene.RevokeBuffer, Operation(own, (ulong)CapTableOperation.Revoke, slot));
    }

    private static void HoldState(ref WorkerRecord record)
    {
        Board.Admit(ref record, Layout.Bell);
        Board.Shared.Scenes.Try(Scene.HoldState);
        ulong address = Layout.Touched + Draw.Below(ref record.State, (uint)Layout.TouchedPages) * UserLayout.PageSize;
        // Safety: Playground puts the code there in each space of the workers (MachineCode).
        var hold = (delegate* <ulong, ulong, ulong>)Layout.Code;
        if (hold(Draw.Next(ref record.State), address) != 0)
        {
            Board.Count(ref Board.Shared.StateLost);
            return;
        }
        Board.Shared.Scenes.Succeed(Scene.HoldState);
    }

    private static SystemCallFrame Operation(
        ulong target,
        ulong operation,
        ulong word0 = 0,
        ulong word1 = 0,
        ulong word2 = 0
    )
    {
        ulong info = MessageInfo.Of(operation, MessageLimits.RegisterWords).Value;
        return Traps.Frame(SystemCall.Invoke, target, info, word0, word1, word2);
    }

    private static SystemCallFrame Make(ref WorkerRecord record, Scene scene, SystemCallFrame frame)
    {
        Board.Admit(ref record, Layout.Bell);
        Board.Shared.Scenes.Try(scene);
        if (SystemCalls.Trap(ref frame) == Status.Ok)
        {
            Board.Shared.Scenes.Succeed(scene);
        }
        return frame;
    }
}
