using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>Moving a message from one thread's registers and buffer to another's.</summary>
internal static unsafe class MessageTransfer
{
    public static Status Check(Thread* sender, MessageInfo info)
    {
        bool fits = info.Length <= MessageLimits.MaximumWords && info.Capabilities <= MessageLimits.MaximumCapabilities;
        bool needsBuffer = info.Length > MessageLimits.RegisterWords || info.Capabilities != 0;
        return fits && (!needsBuffer || sender->Buffer != null) ? Status.Ok : Status.MessageTooLong;
    }

    /// <summary>The sender is in a system call with its message in registers; the receiver's call ends with it.</summary>
    public static void Move(Thread* sender, Thread* receiver, Endpoint* through, ulong badge, bool mayGrant)
    {
        // Where there are registers alone, what is said of the message stays as it is.
        MoveRegisters(sender, receiver, badge);
        if ((sender->Info & MessageInfo.FastpathMask) > MessageLimits.RegisterWords)
        {
            receiver->Info = MoveBuffer(sender, receiver, through, mayGrant);
        }
    }

    /// <summary>All of a message that is in registers alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MoveRegisters(Thread* sender, Thread* receiver, ulong badge)
    {
        receiver->Info = sender->Info;
        receiver->Rax = (ulong)Status.Ok;
        receiver->Rdi = badge;
        receiver->Word0 = sender->Word0;
        receiver->Word1 = sender->Word1;
        receiver->Word2 = sender->Word2;
        receiver->Word3 = sender->Word3;
    }

    /// <summary>What lies in buffers, or is no word.</summary>
    /// <returns>The MessageInfo of what arrived.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong MoveBuffer(Thread* sender, Thread* receiver, Endpoint* through, bool mayGrant)
    {
        var info = new MessageInfo(sender->Info);
        int length = info.Length;
        if (length > MessageLimits.RegisterWords)
        {
            length = CopyBufferWords(sender->Buffer, receiver->Buffer, length);
        }
        int capabilities = 0;
        if (info.Capabilities != 0 && mayGrant && sender->Buffer != null && receiver->Buffer != null)
        {
            capabilities = CapabilityTransfer.Move(sender, receiver, through, info.Capabilities);
        }
        return MessageInfo.Of(info.Label, length, capabilities).Value;
    }

    /// <summary>A fault as a message (FaultMessage).</summary>
    public static void MoveFault(Thread* faulter, Thread* receiver, ulong badge)
    {
        receiver->Rax = (ulong)Status.Ok;
        receiver->Rdi = badge;
        receiver->Info = MessageInfo.FromKernel(faulter->FaultLabel, 4).Value;
        receiver->Word0 = faulter->FaultWord0;
        receiver->Word1 = faulter->Rip;
        receiver->Word2 = faulter->FaultWord2;
        receiver->Word3 = faulter->Cookie;
    }

    /// <summary>Words beyond the fourth; a receiver without a buffer gets four.</summary>
    private static int CopyBufferWords(MessageBuffer* from, MessageBuffer* to, int length)
    {
        if (from == null || to == null)
        {
            return MessageLimits.RegisterWords;
        }
        for (int i = MessageLimits.RegisterWords; i < length; i++)
        {
            to->Words[i] = from->Words[i];
        }
        return length;
    }

    /// <summary>Ends a thread's system call without a message.</summary>
    public static void Fail(Thread* thread, Status status)
    {
        thread->Rax = (ulong)status;
        thread->Info = 0;
    }
}
