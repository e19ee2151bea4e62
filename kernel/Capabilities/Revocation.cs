using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Operations;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// A revoke that has given way before its end, which is noted so that nobody adds capabilities faster than it takes them
/// away: who wants to derive from what is being revoked helps it to its end instead. One at a time; a second is noted when
/// the first has ended. Under the cluster lock.
/// </summary>
/// <remarks>
/// Noted is the thread that makes the call again and again, and it is forgotten as soon as that thread makes any slow system
/// call, is stopped, or gets other registers; if the call is the same revoke, and gives way once more, it is noted anew. So
/// what was begun and given up is not finished by others, and no note outlives what its slot was in.
/// </remarks>
internal static unsafe class Revocation
{
    private static Thread* revoker;
    private static Capability* revoked;
    private static ulong word;

    /// <summary>
    /// Whose revoke others have brought to its end, with nothing left, while it gave way: whatever was derived since came after
    /// it. Of the slot and the word above.
    /// </summary>
    private static Thread* finished;

    /// <summary>Time-stamp counter when the noted revoke was last called.</summary>
    private static ulong calledAt;

    /// <summary>Whose revoke was noted until its call began that is under way; if it gives way once more that is noted again.</summary>
    private static Thread* resuming;

    /// <summary>Whose revoke is the next to be noted, as it has given way while another was; or null.</summary>
    private static Thread* next;

    /// <summary>Time-stamp counter when that one was last called.</summary>
    private static ulong nextCalledAt;

    /// <summary>Of the noted revoke, from one to the next.</summary>
    private static ulong number;

    /// <summary>
    /// The call that is under way has helped another revoke than the noted one to its end, and so helps none any more: one after
    /// the other could be noted for as long as somebody likes.
    /// </summary>
    private static bool isExempt;

    /// <summary>A message did not bring a capability for the noted revoke's sake.</summary>
    private static bool owesHelp;

    public static bool IsUnderWay => revoker != null;

    /// <summary>
    /// The thread's revoke of what this slot holds is not finished. If one is noted already, that stays until its end, and who
    /// has given way first meanwhile is next; unless their threads have left them.
    /// </summary>
    public static void Note(Thread* thread, Capability* slot)
    {
        bool goesOn = resuming == thread && revoked == slot && word == slot->Word;
        if (goesOn || MayBeNoted(thread))
        {
            revoker = thread;
            finished = null;
            revoked = slot;
            word = slot->Word;
            number += goesOn ? 0ul : 1;
            calledAt = Hardware.ReadTimeStampCounter();
            next = next == thread ? null : next;
        }
    }

    private static bool MayBeNoted(Thread* thread)
    {
        if (next == null || next == thread || HasLeft(nextCalledAt))
        {
            next = thread;
            nextCalledAt = Hardware.ReadTimeStampCounter();
        }
        bool isFree = revoker == null || HasLeft(calledAt);
        return isFree && next == thread;
    }

    /// <summary>
    /// It was not called again for a second. Whoever is preempted is away for its equals' turns, or until its budget comes back.
    /// </summary>
    private static bool HasLeft(ulong since) =>
        (long)(Hardware.ReadTimeStampCounter() - since) > (long)Timekeeping.TscHertz;

    /// <summary>It is, or the thread does something else from now on.</summary>
    public static void Forget(Thread* thread)
    {
        if (revoker == thread)
        {
            revoker = null;
        }
        if (finished == thread)
        {
            finished = null;
        }
        if (next == thread)
        {
            next = null;
        }
    }

    /// <summary>A system call of the thread: if it is the noted revoke once more, that is noted again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GiveUp(Thread* thread)
    {
        if (revoker == thread)
        {
            revoker = null;
            resuming = thread;
        }
        if (thread->HelpedRevoke != 0)
        {
            isExempt = thread->HelpedRevoke != number;
            thread->HelpedRevoke = 0;
        }
    }

    /// <summary>
    /// Behind a slow system call of the thread: if that did not ask for what was finished (<see cref="IsFinished"/>),
    /// it is of no interest any more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Called(Thread* thread)
    {
        resuming = null;
        isExempt = false;
        if (finished == thread)
        {
            finished = null;
        }
    }

    /// <summary>At the start of its revoke: whether that has come to its end meanwhile. Whatever it is, it is forgotten.</summary>
    public static bool IsFinished(Thread* thread, Capability* slot)
    {
        bool isFinished = finished == thread && revoked == slot && word == slot->Word;
        Forget(thread);
        return isFinished;
    }

    /// <summary>A table ends, and with it its slots.</summary>
    public static void ForgetTable(Capability* table, uint slots)
    {
        if (revoked >= table && revoked < table + slots)
        {
            revoker = null;
            finished = null;
        }
    }

    /// <summary>Whether this capability may be one of those that a revoke which is under way has not reached yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Concerns(Capability* source) => IsUnderWay && !isExempt && Includes(source);

    /// <summary>
    /// By what it designates and allows, as no capability but a scheduling control knows who is above it: what is derived is of
    /// the same object or within it, has the same badge if there was one, and no right more.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Includes(Capability* source)
    {
        if (revoked->Word != word)
        {
            // The slot holds something else by now.
            revoker = null;
            return false;
        }
        switch (revoked->Type)
        {
            case ObjectType.Untyped:
                bool isAbove = source->Type == ObjectType.Untyped && source->Extent > revoked->Extent;
                return !isAbove && PlaceOf(source) - revoked->PhysicalBase < 1ul << (int)revoked->Extent;
            case ObjectType.SchedControl:
                return source->Type == ObjectType.SchedControl && IsBelow(source);
            case ObjectType.DoorbellControl:
            case ObjectType.MemoryControl:
            case ObjectType.IrqControl:
                // They say how to make something, and what that is has nothing to do with where they are.
                return source->Type == revoked->Type || source->Type == MadeBy(revoked->Type);
            default:
                return source->Type == revoked->Type
                    && (source->Rights & ~revoked->Rights) == 0
                    && (source->Object == revoked->Object || revoked->Type is ObjectType.Frame)
                    && IsPart(source);
        }
    }

    /// <summary>Of two capabilities of the same type: whether the one could be a part or a copy of what is being revoked.</summary>
    private static bool IsPart(Capability* source)
    {
        switch (revoked->Type)
        {
            case ObjectType.Frame:
                return Lies(source->PhysicalBase - revoked->PhysicalBase, source, UserLayout.PageSize);
            case ObjectType.IoPorts:
                // The number of the first port; Extent says how many.
                return Lies(source->Data - revoked->Data, source, 1);
            case ObjectType.Doorbell:
                // The APIC id of its CPU.
                return source->Data == revoked->Data;
            case ObjectType.Endpoint:
                return revoked->Badge == 0 || source->Badge == revoked->Badge;
            case ObjectType.Notification:
                return revoked->Extent == 0 || (source->Extent != 0 && source->Bits == revoked->Bits);
            default:
                return true;
        }
    }

    private static bool Lies(ulong offset, Capability* source, ulong unit)
    {
        ulong length = revoked->Extent * unit;
        return offset < length && source->Extent * unit <= length - offset;
    }

    /// <summary>At most as many steps as controls can be derived from each other.</summary>
    private static bool IsBelow(Capability* control)
    {
        while (control != null && control != revoked)
        {
            control = SchedulingControls.ParentOf(control);
        }
        return control != null;
    }

    /// <summary>Physical address of what a capability designates; of what is no memory, none that an Untyped has.</summary>
    private static ulong PlaceOf(Capability* source) =>
        source->Type is ObjectType.Frame or ObjectType.Untyped
            ? source->PhysicalBase
            : (ulong)source->Object - KernelLayout.DirectMap;

    private static ObjectType MadeBy(ObjectType control) =>
        control switch
        {
            ObjectType.DoorbellControl => ObjectType.Doorbell,
            ObjectType.MemoryControl => ObjectType.Frame,
            ObjectType.IrqControl => ObjectType.IrqHandler,
            _ => control,
        };

    /// <summary>Where a step would take away what is still used: it is made when the call is over.</summary>
    public static void OweHelp() => owesHelp = true;

    /// <summary>Behind a call or the service of requests; nothing is used any more. Under the cluster lock.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PayHelp(Cpu* cpu)
    {
        if (owesHelp)
        {
            Pay(cpu);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Pay(Cpu* cpu)
    {
        owesHelp = false;
        if (revoker != null && revoked->Word == word)
        {
            Help(cpu);
        }
    }

    /// <summary>
    /// In place of a call that would add to it: one step. Anything may be gone afterwards, the thread included, so the call is
    /// made again; that it is concerned ends with the revoke, or with its capability, and no other revoke concerns it then.
    /// </summary>
    public static Status Help(Cpu* cpu)
    {
        if (cpu->Current != null)
        {
            cpu->Current->HelpedRevoke = number;
        }
        if (!Deletion.RevokeStep(cpu, revoked))
        {
            finished = revoker;
            revoker = null;
        }
        return Invocation.Restart;
    }
}
