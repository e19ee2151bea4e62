using System.Runtime;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Messages of more than four words, without capabilities, by the fastpath: it carries the first four and switches, then
/// the others go from buffer to buffer. The MessageInfo that the receiver sees is left in <see cref="Cpu.Scratch"/>.
/// </summary>
internal static unsafe class LongMessages
{
    [RuntimeExport(EntryPoints.LongMessagesCall)]
    private static Thread* Call(ulong address, Cpu* cpu, Thread* from, ulong info)
    {
        if (!IsCarried(from, info))
        {
            return DirectSwitch.Declined(cpu);
        }
        ReadPoint.Reached(ReadPlace.MessageBuffer);
        Thread* to = Fastpath.Call(address, cpu, from);
        if (!DirectSwitch.IsDeclined(to))
        {
            cpu->Scratch = Carry(from, to, info);
        }
        return to;
    }

    [RuntimeExport(EntryPoints.LongMessagesReplyRecv)]
    private static Thread* ReplyRecv(ulong address, Cpu* cpu, Thread* self, ulong info)
    {
        if (!IsCarried(self, info))
        {
            return DirectSwitch.Declined(cpu);
        }
        ReadPoint.Reached(ReadPlace.MessageBuffer);
        Thread* caller = Fastpath.ReplyRecv(address, cpu, self);
        if (!DirectSwitch.IsDeclined(caller))
        {
            cpu->Scratch = Carry(self, caller, info);
        }
        return caller;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsCarried(Thread* from, ulong info) =>
        (info & MessageInfo.FastpathMask) <= MessageLimits.MaximumWords && from->Buffer != null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Carry(Thread* from, Thread* to, ulong info)
    {
        var destination = (ulong*)to->Buffer;
        if (destination == null)
        {
            // A receiver without a buffer gets four words, and is told so.
            return MessageInfo.Of(new MessageInfo(info).Label, MessageLimits.RegisterWords).Value;
        }
        // Safety: both buffers are pages of the cluster's own memory that the threads hold capabilities to, and a thread of this
        // CPU loses its buffer only while this CPU stands still (Threads.LoseBuffer).
        var source = (ulong*)from->Buffer;
        ulong length = info & MessageInfo.LengthMask;
        ulong i = MessageLimits.RegisterWords;
        do
        {
            destination[i] = source[i];
            i++;
        } while (i < length);
        return info;
    }
}
