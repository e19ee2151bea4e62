using Skerry.Abi;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What is done to the threads of the model from outside.</summary>
internal sealed unsafe partial class IpcModel
{
    private string Administer(uint by, uint choice)
    {
        Worker worker = _workers[(int)Take(ref choice, (uint)_workers.Count)];
        switch (Take(ref choice, 28))
        {
            case 24:
                uint steps = Take(ref choice, 2);
                World.OnThread(worker.Slot, ThreadOperation.SetSingleStep, steps, by: by);
                return $"single step {steps} of {worker.Slot}";
            case 25:
                uint index = Take(ref choice, 4);
                bool clears = Take(ref choice, 2) == 0;
                ThreadOperation operation = clears ? ThreadOperation.ClearBreakpoint : ThreadOperation.SetBreakpoint;
                World.OnThread(worker.Slot, operation, World.Pack(index, clears ? 0u : 0x100u), 0x5000, by: by);
                return $"{operation} {index} of {worker.Slot}";
            case 20 or 21:
                uint target = Take(ref choice, World.CpuCount);
                World.OnThread(worker.Slot, ThreadOperation.SetCpu, Control(ref choice, target), by: by);
                return $"move {worker.Slot} to {target}";
            case 22:
                uint priority = 9 + Take(ref choice, 4);
                World.OnThread(worker.Slot, ThreadOperation.SetPriority, priority, Control(ref choice, worker), by: by);
                return $"priority {priority} for {worker.Slot}";
            case 23:
                uint faults = Take(ref choice, 2 * (uint)ThreadFaults.NoTime);
                World.OnThread(worker.Slot, ThreadOperation.SetFaults, faults, by: by);
                return $"faults {faults} of {worker.Slot}";
            case 26:
                return TakeBack(by, ref choice);
            case 27:
                return Derive(by, ref choice);
            case < 5:
                World.OnThread(worker.Slot, ThreadOperation.Suspend, by: by);
                return $"suspend {worker.Slot}";
            case < 12:
                World.OnThread(worker.Slot, ThreadOperation.Resume, by: by);
                return $"resume {worker.Slot}";
            case 12:
                World.OnThread(worker.Slot, ThreadOperation.SetReply, Pick(ref choice, _replies), by: by);
                return $"set reply of {worker.Slot}";
            case 13 or 14:
                uint context = Take(ref choice, 2) == 0 ? 0 : Pick(ref choice, _contexts);
                World.OnThread(
                    worker.Slot,
                    ThreadOperation.SetScheduling,
                    World.Pack(10 + Take(ref choice, 3), context),
                    Control(ref choice, worker),
                    by: by
                );
                return $"set scheduling of {worker.Slot} to {context}";
            case 15:
                World.OnThread(
                    worker.Slot,
                    ThreadOperation.BindNotification,
                    Take(ref choice, 3) == 0 ? 0 : Pick(ref choice, _notifications),
                    by: by
                );
                return $"bind a notification to {worker.Slot}";
            case 16 or 17:
                uint configured = Pick(ref choice, _contexts);
                (ulong budget, ulong period) = Configurations[(int)Take(ref choice, (uint)Configurations.Count)];
                uint of = Control(ref choice, Take(ref choice, World.CpuCount));
                World.Invoke(by, configured, (ulong)SchedContextOperation.Configure, budget, period, of);
                return $"configure {configured} with {budget} in {period}";
            case 18:
                return Delete(by, choice);
            default:
                World.Serve(by);
                return "interrupt";
        }
    }

    /// <summary>
    /// Of a CPU: mostly the kernel's own; or one of four that are derived from it, the last from the third, if it is there.
    /// </summary>
    private uint Control(ref uint choice, uint cpu) =>
        Take(ref choice, 2) == 0 ? World.FirstSchedControl + cpu : _controls[(int)(4 * cpu + Take(ref choice, 4))];

    private uint Control(ref uint choice, Worker worker) =>
        World.Slot(worker.Slot)->IsEmpty ? 0 : Control(ref choice, World.ThreadAt(worker.Slot)->Cpu);

    private string TakeBack(uint by, ref uint choice)
    {
        uint control = Pick(ref choice, _controls);
        bool deletes = Take(ref choice, 2) == 0;
        Status status = deletes ? World.Delete(control, by) : World.Revoke(control, by);
        return $"{(deletes ? "delete" : "revoke")} control {control}: {status}";
    }

    private string Derive(uint by, ref uint choice)
    {
        uint index = Take(ref choice, (uint)_controls.Count);
        uint from = index % 4 == 3 ? _controls[(int)index - 1] : World.FirstSchedControl + index / 4;
        uint share = Take(ref choice, 2) == 0 ? SchedShare.Whole : Take(ref choice, SchedShare.Whole);
        ulong limits = World.Pack(10 + Take(ref choice, 4), share);
        ulong into = World.Pack(0, _controls[(int)index]);
        Status status = World.Invoke(by, from, (ulong)SchedControlOperation.Derive, into, limits);
        return $"derive control {_controls[(int)index]}, {share}: {status}";
    }

    private string Delete(uint by, uint choice)
    {
        uint slot = Take(ref choice, 6) switch
        {
            0 => Pick(ref choice, _endpoints),
            1 => Pick(ref choice, _badged),
            2 => Pick(ref choice, _replies),
            3 => Pick(ref choice, _contexts),
            4 => Pick(ref choice, _notifications),
            _ => _workers[(int)Take(ref choice, (uint)_workers.Count)].Slot,
        };
        ObjectType type = World.Slot(slot)->Type;
        World.Revoke(slot, by);
        World.Delete(slot, by);
        return $"delete {slot}, {type}";
    }
}
