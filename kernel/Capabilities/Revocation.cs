using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// A revoke that has given way before its end, which is noted so that nobody adds capabilities faster than it takes them
/// away: who makes a system call meanwhile first takes away as many as the call may add. One at a time; a second is noted
/// when the first has ended. Under the cluster lock.
/// </summary>
/// <remarks>
/// Noted is the thread that makes the call again and again, and it is forgotten as soon as that thread does anything else:
/// is stopped, or gets other registers. So what was begun and given up is not finished by others.
/// </remarks>
internal static unsafe class Revocation
{
    /// <summary>Capabilities that a system call makes at most, if it is no Retype: a message brings three.</summary>
    private const uint MostAdded = MessageLimits.MaximumCapabilities;

    private static Thread* revoker;
    private static Capability* revoked;
    private static ulong word;

    public static bool IsUnderWay => revoker != null;

    /// <summary>The thread's revoke of what this slot holds is not finished.</summary>
    public static void Note(Thread* thread, Capability* slot)
    {
        if (revoker == null || revoker == thread)
        {
            revoker = thread;
            revoked = slot;
            word = slot->Word;
        }
    }

    /// <summary>It is, or the thread does something else from now on.</summary>
    public static void Forget(Thread* thread)
    {
        if (revoker == thread)
        {
            revoker = null;
        }
    }

    /// <summary>A table ends, and with it its slots.</summary>
    public static void ForgetTable(Capability* table, uint slots)
    {
        if (revoked >= table && revoked < table + slots)
        {
            revoker = null;
        }
    }

    /// <summary>
    /// At the start of a system call, while one is under way. Answers false if an interrupt waits: the call is to be made
    /// again. Anything may be gone afterwards, the thread included.
    /// </summary>
    public static bool Help(Cpu* cpu, Thread* thread)
    {
        if (thread == revoker)
        {
            return true;
        }
        for (uint left = MayAdd(thread); left != 0 && IsUnderWay; left--)
        {
            // The slot may hold something else by now.
            if (revoked->Word != word || !Deletion.RevokeStep(cpu, revoked))
            {
                revoker = null;
            }
            if (LocalApic.HasPendingInterrupt())
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The number of objects of a Retype stands above in its word 0; in whatever else, it does no harm.</summary>
    private static uint MayAdd(Thread* thread)
    {
        bool isOperation = thread->Rax == (ulong)SystemCall.Invoke;
        var count = (uint)(thread->Word0 >> 32);
        bool isMany = isOperation && count is > MostAdded and <= UntypedMemory.MostObjects;
        return isMany ? count : MostAdded;
    }
}
