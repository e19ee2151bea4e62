using System.Collections.Generic;
using System.Reflection;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Operations;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What the entry stubs do: system calls, faults and interrupts of a CPU, whose current thread the test plays.</summary>
internal sealed unsafe partial class World
{
    private static readonly delegate* <Cpu*, Thread*> _slow = (delegate* <Cpu*, Thread*>)Entry(
        typeof(SystemCalls),
        "Enter"
    );

    private static readonly delegate* <ulong, Cpu*, Thread*, Thread*> _fastCall = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        Thread*>)Entry(typeof(Fastpath), "Call");

    private static readonly delegate* <ulong, Cpu*, Thread*, Thread*> _fastReplyRecv = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        Thread*>)Entry(typeof(Fastpath), "ReplyRecv");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastCallLong = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(LongMessages), "Call");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastReplyRecvLong = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(LongMessages), "ReplyRecv");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong, ulong, Thread*> _fastMap = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong,
        ulong,
        Thread*>)Entry(typeof(ReplyMapping), "MapOne");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong, ulong, Status> _fastInvokeMap = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong,
        ulong,
        Status>)Entry(typeof(FastMap), "Map");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong, Status> _fastCopy = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong,
        Status>)Entry(typeof(FastTable), "TryCopy");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Status> _fastDelete = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Status>)Entry(typeof(FastTable), "TryDelete");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong, Status> _fastRetype = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong,
        Status>)Entry(typeof(FastRetype), "One");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastCallActive = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(ActiveServers), "Call");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastReplyRecvActive = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(ActiveServers), "ReplyRecv");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastAnswerFault = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(FastAnswers), "AnswerFault");

    private static readonly delegate* <Notification*, Cpu*, Thread*, ulong, Thread*> _fastSignalBetter = (delegate* <
        Notification*,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(FastWakes), "SignalBetter");

    private static readonly delegate* <Cpu*, Thread*, Thread*> _fastFault = (delegate* <Cpu*, Thread*, Thread*>)Entry(
        typeof(Faults),
        "DeliverToWaiting"
    );

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong> _fastSignal = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong>)Entry(typeof(FastSignals), "Signal");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, ulong> _fastWait = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        ulong>)Entry(typeof(FastSignals), "Wait");

    private static readonly delegate* <ulong, Cpu*, Thread*, Status> _fastPoll = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        Status>)Entry(typeof(FastSignals), "Poll");

    private static readonly delegate* <ulong, Cpu*, Thread*, Status> _fastNBSend = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        Status>)Entry(typeof(FastSignals), "NBSend");

    /// <summary>How many calls the fastpath took.</summary>
    public int FastCalls { get; private set; }

    /// <summary>Off: every call takes the slow path, which must come to the same.</summary>
    public bool UseFastpath { get; set; } = true;

    /// <summary>How often fastpaths that are asked second were taken, by name.</summary>
    public static Dictionary<string, int> Taken { get; } = [];

    private static bool Note(string path, bool taken)
    {
        if (taken)
        {
            Taken[path] = Taken.GetValueOrDefault(path) + 1;
        }
        return taken;
    }

    private static nint Entry(System.Type type, string name) =>
        type.GetMethod(name, BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static)!
            .MethodHandle.GetFunctionPointer();

    /// <summary>The current thread of the CPU makes a system call. Answers who runs then; null: the CPU idles.</summary>
    public Thread* Call(
        uint cpu,
        SystemCall call,
        ulong slot,
        ulong info = 0,
        ulong w0 = 0,
        ulong w1 = 0,
        ulong w2 = 0,
        ulong w3 = 0
    )
    {
        Thread* thread = Cpu(cpu)->Current;
        Load(thread, (ulong)call, slot, info, w0, w1, w2, w3);
        RunningThread.TakeBack(thread);
        bool hasFastDoor = Cpu(cpu)->DebugOwner == null;
        try
        {
            if (UseFastpath && hasFastDoor && TakeFastpath(Cpu(cpu), thread, call))
            {
                FastCalls++;
                WriteDown(cpu);
                return Cpu(cpu)->Current;
            }
        }
        catch (IdleException)
        {
            return null;
        }
        return UseFastpath && hasFastDoor ? Crossing(cpu, thread, call) : Leaving(cpu, _slow);
    }

    private static readonly delegate* <Cpu*, Thread*> _crossCall = (delegate* <Cpu*, Thread*>)Entry(
        typeof(CrossCalls),
        "Call"
    );

    private static readonly delegate* <Cpu*, Thread*> _crossReplyRecv = (delegate* <Cpu*, Thread*>)Entry(
        typeof(CrossCalls),
        "ReplyRecv"
    );

    /// <summary>What no fastpath of one CPU took: to another CPU, or the slow path.</summary>
    private Thread* Crossing(uint cpu, Thread* thread, SystemCall call)
    {
        bool isShort = (thread->Info & MessageInfo.FastpathMask) <= MessageLimits.RegisterWords;
        bool answers = thread->ServerRank != 0 && (thread->ServerReply->Word & Reply.LentByFault) == 0;
        if (!isShort || !(call == SystemCall.Call || (call == SystemCall.ReplyRecv && answers)))
        {
            return Leaving(cpu, _slow);
        }
        ulong before = Cpu(cpu)->FastMessages;
        Thread* next = Leaving(cpu, call == SystemCall.Call ? _crossCall : _crossReplyRecv);
        if (Note(call == SystemCall.Call ? "CallAcross" : "AnswerAcross", Cpu(cpu)->FastMessages != before))
        {
            FastCalls++;
        }
        return next;
    }

    /// <summary>What the entry stub does with a call that a fastpath may take. False: it declined.</summary>
    private static bool TakeFastpath(Cpu* cpu, Thread* thread, SystemCall call)
    {
        ulong address = thread->Rdi;
        bool isShort = (thread->Info & MessageInfo.FastpathMask) <= MessageLimits.RegisterWords;
        switch (call)
        {
            case SystemCall.Call when isShort:
                return Switched(cpu, thread, _fastCall(address, cpu, thread), hasBadge: true)
                    || Note(
                        "CallActive",
                        Switched(cpu, thread, _fastCallActive(address, cpu, thread, Hardware.Clock), hasBadge: true)
                    );
            case SystemCall.ReplyRecv when isShort:
                return Switched(cpu, thread, _fastReplyRecv(address, cpu, thread), hasBadge: false)
                    || Replied(cpu, thread);
            case SystemCall.Call:
                return SwitchedLong(cpu, thread, _fastCallLong(address, cpu, thread, thread->Info), hasBadge: true);
            case SystemCall.ReplyRecv:
                return SwitchedLong(
                    cpu,
                    thread,
                    _fastReplyRecvLong(address, cpu, thread, thread->Info),
                    hasBadge: false
                );
            case SystemCall.ReplyMapRecv when thread->Word3 == 1:
                return Resumed(cpu, _fastMap(address, cpu, thread, thread->Word0, thread->Word1, thread->Word2));
            case SystemCall.Invoke when thread->Word3 == 1 && thread->Info == MapInfo:
                Status mapped = _fastInvokeMap(address, cpu, thread, thread->Word0, thread->Word1, thread->Word2);
                return Answered(cpu, thread, mapped, hasBits: false) && Returned(thread);
            case SystemCall.Invoke when thread->Word3 != 1:
                return Answered(cpu, thread, OnTable(cpu, thread), hasBits: false);
            case SystemCall.Signal:
                return Signalled(cpu, thread, _fastSignal(address, cpu, thread));
            case SystemCall.Wait:
                return Waited(cpu, thread, _fastWait(address, cpu, thread, Hardware.Clock));
            case SystemCall.Poll:
                return Answered(cpu, thread, _fastPoll(address, cpu, thread), hasBits: true);
            case SystemCall.NBSend when isShort:
                return Answered(cpu, thread, _fastNBSend(address, cpu, thread), hasBits: false);
            case SystemCall.Yield when cpu->HighestReady < thread->Rank:
                thread->Rax = (ulong)Status.Ok;
                return true;
            default:
                return false;
        }
    }

    private static ulong MapInfo => MessageInfo.Of((ulong)FrameOperation.Map, MessageLimits.RegisterWords).Value;

    /// <summary>What FastpathReplyRecv declined.</summary>
    private static bool Replied(Cpu* cpu, Thread* thread) =>
        thread->ServerRank == 0
            ? Note(
                "ReplyRecvActive",
                Switched(cpu, thread, _fastReplyRecvActive(thread->Rdi, cpu, thread, Hardware.Clock), hasBadge: false)
            )
            : Note("AnswerFault", Resumed(cpu, _fastAnswerFault(thread->Rdi, cpu, thread, thread->Info)));

    private static bool Signalled(Cpu* cpu, Thread* thread, ulong answer)
    {
        bool isDone = answer is 0 or ulong.MaxValue;
        return isDone
            ? Answered(cpu, thread, (Status)answer, hasBits: false)
            : Note("SignalBetter", Resumed(cpu, _fastSignalBetter((Notification*)answer, cpu, thread, Hardware.Clock)));
    }

    private static Status OnTable(Cpu* cpu, Thread* thread)
    {
        ulong address = thread->Rdi;
        if (thread->Info == MessageInfo.Of((ulong)CapTableOperation.Delete, MessageLimits.RegisterWords).Value)
        {
            return _fastDelete(address, cpu, thread, thread->Word0);
        }
        if (thread->Info != MessageInfo.Of((ulong)CapTableOperation.Copy, MessageLimits.RegisterWords).Value)
        {
            return (Status)ulong.MaxValue;
        }
        return (thread->Word0 >> 32 & 1) != 0
            ? _fastRetype(address, cpu, thread, thread->Word0, thread->Word1)
            : _fastCopy(address, cpu, thread, thread->Word0, thread->Word1);
    }

    private static bool Returned(Thread* thread) => new InvocationArguments(thread).Return(1) == Status.Ok;

    private static bool Switched(Cpu* cpu, Thread* from, Thread* to, bool hasBadge)
    {
        if (DirectSwitch.IsDeclined(to))
        {
            // The stub must take it for a thread of this address space until it has asked.
            Assert.Equal(cpu->CurrentRoot, to->Root);
            return false;
        }
        ulong badge = hasBadge ? cpu->Badge : 0;
        Load(to, (ulong)Status.Ok, badge, from->Info, from->Word0, from->Word1, from->Word2, from->Word3);
        cpu->CurrentRoot = to->Root;
        return true;
    }

    private static bool SwitchedLong(Cpu* cpu, Thread* from, Thread* to, bool hasBadge)
    {
        bool switched = Switched(cpu, from, to, hasBadge);
        if (switched)
        {
            to->Info = cpu->Scratch;
        }
        return switched;
    }

    private static bool Resumed(Cpu* cpu, Thread* faulter)
    {
        if (faulter == null)
        {
            return false;
        }
        cpu->CurrentRoot = faulter->Root;
        faulter->Flags &= ~ThreadFlags.FullFrame;
        return true;
    }

    private static bool Waited(Cpu* cpu, Thread* thread, ulong answer)
    {
        if (answer != (ulong)cpu->Current)
        {
            return answer == 0 && Answered(cpu, thread, Status.Ok, hasBits: true);
        }
        // Resumed with all its registers.
        cpu->CurrentRoot = cpu->Current->Root;
        cpu->Current->Flags &= ~ThreadFlags.FullFrame;
        return true;
    }

    private static bool Answered(Cpu* cpu, Thread* thread, Status status, bool hasBits)
    {
        if (status == (Status)ulong.MaxValue)
        {
            return false;
        }
        thread->Rax = (ulong)status;
        thread->Rdi = hasBits ? cpu->Badge : 0;
        return true;
    }

    private static void Load(Thread* thread, ulong rax, ulong rdi, ulong info, ulong w0, ulong w1, ulong w2, ulong w3)
    {
        thread->Rax = rax;
        thread->Rdi = rdi;
        thread->Info = info;
        thread->Word0 = w0;
        thread->Word1 = w1;
        thread->Word2 = w2;
        thread->Word3 = w3;
    }

    /// <summary>So that a test finds the current thread as the kernel does: what follows from its running is written down.</summary>
    private void WriteDown(uint cpu)
    {
        if (Cpu(cpu)->Current != null)
        {
            RunningThread.WriteDown(Cpu(cpu));
        }
    }

    private Thread* Leaving(uint cpu, delegate* <Cpu*, Thread*> path)
    {
        try
        {
            Thread* next = path(Cpu(cpu));
            // Resumed with all its registers.
            next->Flags &= ~ThreadFlags.FullFrame;
            WriteDown(cpu);
            return next;
        }
        catch (IdleException)
        {
            return null;
        }
    }

    public Thread* Choose(uint cpu) => Leaving(cpu, &Scheduler.ChooseUnlessParked);

    /// <summary>The interrupt that tells a CPU of its request lists.</summary>
    public Thread* Serve(uint cpu)
    {
        if (UseFastpath && Cpu(cpu)->Current == null)
        {
            Thread* next = CrossArrivals.TakeOnly(Cpu(cpu));
            if (Note("Arrival", next != null))
            {
                next->Flags &= ~ThreadFlags.FullFrame;
                WriteDown(cpu);
                return next;
            }
        }
        Requests.Serve(Cpu(cpu));
        return Choose(cpu);
    }

    public Thread* Tick(uint cpu)
    {
        Thread* interrupted = Interrupted(cpu);
        if (UseFastpath && interrupted != null)
        {
            Thread* next = _fastTimer(Cpu(cpu), interrupted, Hardware.Clock);
            if (Note("Timer", Resumed(Cpu(cpu), next)))
            {
                WriteDown(cpu);
                return next;
            }
        }
        WriteDown(cpu);
        Timekeeping.Tick(Cpu(cpu));
        return Choose(cpu);
    }

    /// <summary>The thread that an interrupt of the CPU stops, with all its registers saved; null: the CPU idles.</summary>
    private Thread* Interrupted(uint cpu)
    {
        Thread* thread = Cpu(cpu)->Current;
        if (thread != null)
        {
            thread->Flags |= ThreadFlags.FullFrame;
            RunningThread.TakeBack(thread);
        }
        return thread;
    }

    private static readonly delegate* <Cpu*, Thread*, ulong, Thread*> _fastTimer = (delegate* <
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(FastInterrupts), "Timer");

    private static readonly delegate* <ulong, Cpu*, Thread*, ulong, Thread*> _fastInterrupt = (delegate* <
        ulong,
        Cpu*,
        Thread*,
        ulong,
        Thread*>)Entry(typeof(FastInterrupts), "Received");

    public Thread* Fault(uint cpu, ulong address, FaultAccess access = FaultAccess.User)
    {
        Thread* faulter = Cpu(cpu)->Current;
        faulter->Flags |= ThreadFlags.FullFrame;
        RunningThread.TakeBack(faulter);
        Thread* pager = UseFastpath ? _fastFault(Cpu(cpu), faulter) : DirectSwitch.Declined(Cpu(cpu));
        if (!DirectSwitch.IsDeclined(pager))
        {
            ulong info = MessageInfo.FromKernel(FaultLabel.Page, 4).Value;
            Load(pager, 0, Cpu(cpu)->Badge, info, address, faulter->Rip, (ulong)access, faulter->Cookie);
            Cpu(cpu)->CurrentRoot = pager->Root;
            WriteDown(cpu);
            return pager;
        }
        WriteDown(cpu);
        _faultAddress = address;
        _faultAccess = access;
        return Leaving(cpu, &DeliverFault);
    }

    /// <summary>
    /// Whether a thread may run into the breakpoints of another that are loaded still. The fastpath leaves a faulter's for
    /// its pager and the slow path does not, so where the two are compared it may not.
    /// </summary>
    public bool OthersBreakpointsStrike { get; set; } = true;

    /// <summary>A debug exception of the current thread, for this cause (DR6). No breakpoint strikes where none is loaded.</summary>
    public Thread* DebugException(uint cpu, ulong cause)
    {
        const ulong step = 1 << 14;
        Thread* owner = Cpu(cpu)->DebugOwner;
        bool strikes = owner != null && (OthersBreakpointsStrike || owner == Cpu(cpu)->Current);
        cause &= strikes ? ulong.MaxValue : step;
        if (cause == 0)
        {
            return Cpu(cpu)->Current;
        }
        Cpu(cpu)->Current->Flags |= ThreadFlags.FullFrame;
        DebugRegisters.Cause = cause;
        return Leaving(cpu, &Trapped);
    }

    /// <summary>Another exception of the current thread.</summary>
    public Thread* Exception(uint cpu, ulong vector)
    {
        Thread* thread = Cpu(cpu)->Current;
        thread->Flags |= ThreadFlags.FullFrame;
        RunningThread.TakeBack(thread);
        _vector = vector;
        return Leaving(cpu, &Excepted);
    }

    private static ulong _vector;

    // As Traps has it.
    private static Thread* Excepted(Cpu* cpu)
    {
        Thread* thread = RunningThread.WriteDown(cpu);
        Faults.Note(thread, FaultLabel.Exception, _vector, 0);
        return Scheduler.Choose(cpu);
    }

    private static Thread* Trapped(Cpu* cpu) => Debugging.Trapped(cpu, cpu->Current);

    private static ulong _faultAddress;
    private static FaultAccess _faultAccess;

    private static readonly delegate* <Cpu*, ulong, ulong, Thread*> _pageFault = (delegate* <
        Cpu*,
        ulong,
        ulong,
        Thread*>)Entry(typeof(Faults), "PageFault");

    private static Thread* DeliverFault(Cpu* cpu)
    {
        // As the entry finds it.
        RunningThread.TakeBack(cpu->Current);
        return _pageFault(cpu, _faultAddress, (ulong)_faultAccess);
    }

    /// <summary>The operator of the CPU becomes its current thread.</summary>
    public void Operate(uint cpu)
    {
        Scheduler.MakeReady(Cpu(cpu), _operators[cpu]);
        Choose(cpu);
    }

    /// <summary>And is nothing any more, so that others run.</summary>
    public void Rest(uint cpu)
    {
        Scheduler.Unready(Cpu(cpu), _operators[cpu]);
        _operators[cpu]->State = ThreadState.Inactive;
        Choose(cpu);
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
            MostServed = uint.Max(MostServed, Waiting(Cpu(cpu)->HandedTo));
            Serve(Cpu(cpu)->HandedTo->Index);
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
        LockWord.SetValue(null, (uint)((uint)LockWord.GetValue(null)! + count * 0x100));

    private static readonly System.Reflection.FieldInfo LockWord = typeof(ClusterLock).GetField(
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
            object word = LockWord.GetValue(null)!;
            ulong claim = Cpu(cpu)->Shared.LockClaim;
            LockWord.SetValue(null, 0u);
            Cpu(cpu)->Shared.LockClaim = 0;
            _waits = cpu;
            others();
            _waits = uint.MaxValue;
            LockWord.SetValue(null, (uint)word);
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
                Choose(i);
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
