using System.Collections.Generic;
using Skerry.Abi;
using static Skerry.Tests.Host.Kernel.RefusalWorld;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Time, CPUs and priorities that no control gives.</summary>
internal static partial class RefusalCases
{
    private const uint Control = World.FirstSchedControl;
    private const uint RemoteControl = World.FirstSchedControl + 1;

    private static Refusal Schedule(
        Status status,
        uint control,
        uint priority = 10,
        uint context = Context,
        uint thread = Fresh
    ) => OnThread(ThreadOperation.SetScheduling, status, World.Pack(priority, context), control, thread);

    private static Refusal Configure(
        Status status,
        uint control,
        ulong period = 0,
        uint context = Context,
        ulong budget = 100
    ) => new(context, (ulong)SchedContextOperation.Configure, status, budget, period, control);

    private static Refusal DeriveControl(
        Status status,
        uint control,
        uint priority = 5,
        uint share = SchedShare.Whole,
        uint slot = Empty
    ) => new(control, (ulong)SchedControlOperation.Derive, status, World.Pack(0, slot), World.Pack(priority, share));

    private static void AddAuthority(Dictionary<string, Refusal> cases)
    {
        cases["scheduling: without a control"] = Schedule(Status.InvalidCapability, 0);
        cases["scheduling: passive, without a control"] = Schedule(Status.InvalidCapability, 0, context: 0);
        cases["scheduling: by what is no control"] = Schedule(Status.WrongObjectType, Endpoint);
        cases["scheduling: by the control of another CPU"] = Schedule(Status.WrongCpu, RemoteControl);
        cases["scheduling: above the control"] = Schedule(Status.MissingRight, WeakControl, 6);
        cases["scheduling: on time of another CPU"] = Schedule(Status.WrongCpu, Control, context: RemoteTime);
        cases["scheduling: other time without a control"] = Schedule(Status.InvalidCapability, 0, thread: Started);
        cases["priority: without a control"] = OnThread(ThreadOperation.SetPriority, Status.InvalidCapability, 0);
        cases["priority: above what it was given"] = OnThread(
            ThreadOperation.SetPriority,
            Status.InvalidCapability,
            11,
            thread: Started
        );
        cases["priority: above the control"] = OnThread(
            ThreadOperation.SetPriority,
            Status.MissingRight,
            6,
            WeakControl
        );
        cases["priority: by the control of another CPU"] = OnThread(
            ThreadOperation.SetPriority,
            Status.WrongCpu,
            6,
            RemoteControl
        );
        AddPlaces(cases);
        AddCpus(cases);
        AddTime(cases);
        AddDerivations(cases);
    }

    private static void AddPlaces(Dictionary<string, Refusal> cases)
    {
        cases["CPU: by nothing"] = OnThread(ThreadOperation.SetCpu, Status.InvalidCapability);
        cases["CPU: by what is no control"] = OnThread(
            ThreadOperation.SetCpu,
            Status.WrongObjectType,
            World.FirstCpuControl + 1
        );
        cases["CPU: its priority is above the control"] = OnThread(
            ThreadOperation.SetCpu,
            Status.MissingRight,
            WeakControl,
            thread: RemoteThread
        );
        cases["CPU: its time is more than the control"] = OnThread(
            ThreadOperation.SetCpu,
            Status.MissingRight,
            SpentControl,
            thread: RemoteThread
        );
        cases["resume: without a priority"] = OnThread(ThreadOperation.Resume, Status.InvalidState, thread: NoPriority);
    }

    /// <summary>Each operation needs its own right.</summary>
    private static void AddCpus(Dictionary<string, Refusal> cases)
    {
        CpuControlOperation[] commands =
        [
            CpuControlOperation.BindDoorbell,
            CpuControlOperation.Park,
            CpuControlOperation.Wake,
        ];
        foreach (CpuControlOperation command in commands)
        {
            cases[$"CPU control: {command} without the right"] = new(
                CpuToSee,
                (ulong)command,
                Status.MissingRight,
                Notification
            );
        }
        CpuControlOperation[] others =
        [
            CpuControlOperation.ReadCounters,
            CpuControlOperation.Query,
            CpuControlOperation.StartTrace,
            CpuControlOperation.StopTrace,
        ];
        foreach (CpuControlOperation other in others)
        {
            cases[$"CPU control: {other} without the right"] = new(
                CpuToCommand,
                (ulong)other,
                Status.MissingRight,
                Frame
            );
        }
    }

    private static void AddTime(Dictionary<string, Refusal> cases)
    {
        cases["configure: without a control"] = Configure(Status.InvalidCapability, 0);
        cases["configure: by what is no control"] = Configure(Status.WrongObjectType, World.FirstCpuControl);
        cases["configure: of another CPU than its thread's"] = Configure(
            Status.WrongCpu,
            RemoteControl,
            context: OtherContext
        );
        cases["configure: round robin by a part"] = Configure(Status.MissingRight, SpentControl);
        cases["configure: so little by a part"] = Configure(Status.InvalidArgument, SpentControl, 1000, budget: 39);
        cases["configure: more than the control has"] = Configure(Status.MissingRight, SpentControl, 199);
        cases["configure: more than is left"] = Configure(Status.OutOfTime, SpentControl, 999);
        cases["configure: more than is left and what it has"] = Configure(
            Status.MissingRight,
            SpentControl,
            199,
            TimedContext
        );
    }

    private static void AddDerivations(Dictionary<string, Refusal> cases)
    {
        cases["control: priority"] = DeriveControl(Status.InvalidArgument, Control, 64);
        cases["control: more than the whole"] = DeriveControl(
            Status.InvalidArgument,
            Control,
            share: SchedShare.Whole + 1
        );
        cases["control: higher priority"] = DeriveControl(Status.MissingRight, WeakControl, 6);
        cases["control: larger share"] = DeriveControl(
            Status.MissingRight,
            SpentControl,
            share: SchedShare.Whole / 2 + 1
        );
        cases["control: more than is left"] = DeriveControl(
            Status.OutOfTime,
            SpentControl,
            share: SchedShare.Whole / 10 + 1
        );
        cases["control: slot in use"] = DeriveControl(Status.SlotOccupied, Control, slot: Endpoint);
        cases["control: no such slot"] = DeriveControl(Status.InvalidArgument, Control, slot: 0);
        cases["control: one too deep"] = DeriveControl(Status.InvalidState, DeepControl);
        cases["control: copied"] = OnTable(CapTableOperation.Copy, Status.WrongObjectType, Empty, Control);
        cases["control: minted"] = OnTable(CapTableOperation.Mint, Status.WrongObjectType, Empty, Control);
        cases["control: moved away from its children"] = OnTable(
            CapTableOperation.Move,
            Status.HasChildren,
            Empty,
            Control
        );
        cases["control: exchanged under its children"] = OnTable(
            CapTableOperation.Swap,
            Status.HasChildren,
            Endpoint,
            Control
        );
        cases["control: exchanged with one that has children"] = OnTable(
            CapTableOperation.Swap,
            Status.HasChildren,
            SpentControl,
            Endpoint
        );
        cases["retype: into a control"] = Retype(Status.InvalidArgument, World.RetypeWord(ObjectType.SchedControl));
    }
}
