using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Invocations by the operators, and what others do while one is under way.</summary>
internal sealed unsafe partial class World
{
    /// <summary>The operator of the CPU becomes its current thread.</summary>
    public void Operate(uint cpu)
    {
        Enter(cpu);
        Readiness.MakeReady(Cpu(cpu), _operators[cpu]);
        Leaving(cpu, &Scheduler.ChooseUnlessParked);
    }

    /// <summary>And is nothing any more, so that others run.</summary>
    public void Rest(uint cpu)
    {
        Enter(cpu);
        Readiness.Unready(Cpu(cpu), _operators[cpu]);
        _operators[cpu]->State = ThreadState.Inactive;
        Leaving(cpu, &Scheduler.ChooseUnlessParked);
    }

    /// <summary>One invocation by a CPU's operator, made again as often as the kernel asks for it.</summary>
    public Status Invoke(uint cpu, ulong slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0, ulong w3 = 0)
    {
        Thread* actor = _operators[cpu];
        bool rests = Cpu(cpu)->Current != actor;
        if (rests)
        {
            Operate(cpu);
        }
        Restarts = -1;
        const ulong here = 0x1000;
        actor->Word3 = w3;
        do
        {
            actor->Rip = here;
            Restarts++;
            Call(cpu, SystemCall.Invoke, slot, MessageInfo.Of(operation, 4).Value, w0, w1, w2, actor->Word3);
            if (actor->Rip != here)
            {
                ServeWhoIsWaitedFor(cpu);
                Between?.Invoke();
            }
        } while (actor->Rip != here);
        var status = (Status)actor->Rax;
        if (rests && Cpu(cpu)->Current == actor)
        {
            Rest(cpu);
        }
        LeaveRendezvous(cpu);
        return status;
    }

    /// <summary>How much a CPU was handed, and has not served.</summary>
    public static uint Waiting(Cpu* cpu) =>
        (cpu->Shared.RequestHead == 0 ? 0 : cpu->Shared.RequestCount)
        + (cpu->Shared.SignalHead == 0 ? 0 : cpu->Shared.SignalCount);

    /// <summary>What was handed at most to a CPU that another waited for.</summary>
    public uint MostServed { get; private set; }

    /// <summary>A CPU that was handed much takes the interrupt that tells it so (Requests.MustWait).</summary>
    private void ServeWhoIsWaitedFor(uint cpu)
    {
        if (Requests.MustWait(Cpu(cpu)))
        {
            MostServed = uint.Max(MostServed, Waiting(Requests.Behind));
            Serve(Requests.Behind->Index);
        }
    }

    /// <summary>An invocation by another CPU's operator while one is interrupted; not interrupted itself.</summary>
    public Status InvokeBetween(uint cpu, ulong slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0)
    {
        System.Action? between = Between;
        int asks = LocalApic.AsksUntilPending;
        int restarts = Restarts;
        Between = null;
        LocalApic.AsksUntilPending = -1;
        Status status = Invoke(cpu, slot, operation, w0, w1, w2);
        Between = between;
        LocalApic.AsksUntilPending = asks;
        Restarts = restarts;
        return status;
    }

    private uint _waits = uint.MaxValue;

    /// <summary>As CPUs that stand in the kernel and wait for the lock.</summary>
    public static void AddLockWaiters(int count) =>
        _lockWord.SetValue(null, (uint)((uint)_lockWord.GetValue(null)! + count * 0x100));

    private static readonly System.Reflection.FieldInfo _lockWord = typeof(ClusterLock).GetField(
        "word",
        System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic
    )!;

    /// <summary>
    /// A CPU does something for which it may have to wait for the cluster lock; while it waits, others do something.
    /// </summary>
    public void WhileWaiting(uint cpu, System.Action others, System.Action act, bool isInterrupted = false)
    {
        Xunit.Assert.True(ClusterLock.TryAcquire());
        System.Runtime.Intrinsics.X86.X86Base.WhileWaiting = () =>
        {
            System.Runtime.Intrinsics.X86.X86Base.WhileWaiting = null;
            LocalApic.ForgetAsks();
            // Who has the lock does it; what waits for it then is left aside, as no CPU is really in the kernel twice.
            object word = _lockWord.GetValue(null)!;
            ulong claim = Cpu(cpu)->Shared.LockClaim;
            _lockWord.SetValue(null, 0u);
            Cpu(cpu)->Shared.LockClaim = 0;
            _waits = cpu;
            others();
            _waits = uint.MaxValue;
            _lockWord.SetValue(null, (uint)word);
            Cpu(cpu)->Shared.LockClaim = claim;
            LocalApic.IsInterruptedWaiting = isInterrupted;
            if (!isInterrupted)
            {
                ClusterLock.Release();
            }
        };
        act();
        if (isInterrupted)
        {
            LocalApic.IsInterruptedWaiting = false;
            ClusterLock.Release();
        }
        if (System.Runtime.Intrinsics.X86.X86Base.WhileWaiting != null)
        {
            // It needed no lock.
            System.Runtime.Intrinsics.X86.X86Base.WhileWaiting = null;
            ClusterLock.Release();
        }
    }

    /// <summary>CPUs that stood still meanwhile did so in an interrupt, at whose end they choose anew.</summary>
    public void LeaveRendezvous(uint by)
    {
        for (uint i = 0; i < CpuCount; i++)
        {
            bool stood = LocalApic.Sent.Contains((Cpu(i)->ApicId, Vectors.Rendezvous));
            if (stood && i != by && i != _waits)
            {
                _stands &= ~(1u << (int)i);
                Leaving(i, &Scheduler.ChooseUnlessParked);
            }
        }
        LocalApic.Sent.RemoveAll(sent => sent.Vector == Vectors.Rendezvous);
    }

    /// <summary>What other threads do while an invocation is interrupted.</summary>
    public System.Action? Between { get; set; }

    /// <summary>How often the last invocation was made again for an interrupt.</summary>
    public int Restarts { get; private set; }

    public static ulong Pack(uint low, uint high) => low | ((ulong)high << 32);
}
