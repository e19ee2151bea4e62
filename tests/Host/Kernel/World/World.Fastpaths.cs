using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Operations;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>What the entry stubs do with a call that a fastpath may take, and with its answer.</summary>
internal sealed unsafe partial class World
{
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

    /// <summary>What the entry stub does with a call that a fastpath may take.</summary>
    /// <returns>False: it declined.</returns>
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
                Thread* foremost = cpu->Foremost;
                ulong signalled = _fastSignal(address, cpu, thread);
                Note("SignalEqual", cpu->Foremost != foremost);
                return Signalled(cpu, thread, signalled);
            case SystemCall.Wait:
                return Waited(cpu, thread, _fastWait(address, cpu, thread, Hardware.Clock));
            case SystemCall.Poll:
                return Answered(cpu, thread, _fastPoll(address, cpu, thread), hasBits: true);
            case SystemCall.NBSend when isShort:
                return Answered(cpu, thread, _fastNBSend(address, cpu, thread), hasBits: false);
            case SystemCall.Yield when cpu->HighestReady < thread->Rank:
                cpu->ShortCalls++;
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
        if ((thread->Info & MessageInfo.FastpathMask) != MessageLimits.RegisterWords)
        {
            return (Status)ulong.MaxValue;
        }
        // Signals of other CPUs that are still on their way arrive during a slow Delete or Revoke, and after a fast one; either
        // is right.
        bool isQuiet = cpu->Shared.SignalHead == 0;
        switch ((CapTableOperation)new MessageInfo(thread->Info).Label)
        {
            case CapTableOperation.Delete when isQuiet:
                return _fastDelete(address, cpu, thread, thread->Word0);
            case CapTableOperation.Revoke when isQuiet:
                return _fastRevoke(address, cpu, thread, thread->Word0);
            case CapTableOperation.Copy when (thread->Word0 >> 32 & 1) != 0:
                return _fastRetype(address, cpu, thread, thread->Word0, thread->Word1);
            case CapTableOperation.Copy:
                return _fastCopy(address, cpu, thread, thread->Word0, thread->Word1);
            default:
                return (Status)ulong.MaxValue;
        }
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
        Note("Wait", answer != (ulong)thread);
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
}
