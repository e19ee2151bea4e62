using System.Collections.Generic;
using System.Text;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Where threads, time and messages stand, as text: what any way through the kernel must come to. Left out is what nobody
/// reads: links of what stands in no queue, counters, and registers that a system call does not keep.
/// </summary>
internal static unsafe class Standing
{
    public static string Of(World world, IReadOnlyList<uint> objects)
    {
        var text = new StringBuilder();
        for (uint i = 0; i < world.CpuCount; i++)
        {
            OfCpu(text, world.Cpu(i));
        }
        foreach (uint slot in objects)
        {
            text.Append(slot).Append(": ");
            switch (world.Slot(slot)->Type)
            {
                case ObjectType.Thread:
                    OfThread(text, (Thread*)world.Slot(slot)->Object);
                    break;
                case ObjectType.SchedContext:
                    var context = (SchedContext*)world.Slot(slot)->Object;
                    text.Append($"remaining {context->Remaining} consumed {context->Consumed} at {context->RefillAt}");
                    text.Append($" holder {(ulong)context->Holder:x}");
                    break;
                case ObjectType.Endpoint:
                    var endpoint = (Endpoint*)world.Slot(slot)->Object;
                    text.Append($"{endpoint->State}");
                    OfQueue(text, endpoint->Head);
                    break;
                case ObjectType.Notification:
                    var notification = (Notification*)world.Slot(slot)->Object;
                    text.Append($"bits {notification->Bits:x} {notification->RemoteBits:x}");
                    OfQueue(text, notification->Head);
                    break;
                case ObjectType.IrqHandler:
                    text.Append($"{(IrqState)((IrqHandler*)world.Slot(slot)->Object)->State}");
                    break;
                case ObjectType.Reply:
                    var reply = (Reply*)world.Slot(slot)->Object;
                    text.Append($"caller {(ulong)reply->Caller:x} borrower {(ulong)reply->Borrower:x}");
                    break;
            }
            text.AppendLine();
        }
        return text.ToString();
    }

    private static void OfCpu(StringBuilder text, Cpu* cpu)
    {
        text.Append($"cpu {cpu->Index}: {(ulong)cpu->Current:x} charged {(ulong)cpu->Charged:x}");
        text.Append($" since {(cpu->Charged == null ? 0 : cpu->ChargedSince)} best {cpu->HighestReady} ready");
        // Whether the first stands in a list is all the same.
        if (cpu->Foremost != null)
        {
            text.Append($" {(ulong)cpu->Foremost:x}");
        }
        // The word of bits, and then head and tail of each priority.
        var words = (ulong*)&cpu->Ready;
        for (int priority = ReadyQueues.Priorities - 1; priority >= 0; priority--)
        {
            OfQueue(text, (Thread*)words[1 + 2 * priority]);
        }
        text.Append(" refills");
        OfRefills(text, cpu->Refills);
        text.AppendLine();
    }

    private static void OfRefills(StringBuilder text, SchedContext* first)
    {
        if (first != null)
        {
            text.Append($" {(ulong)first:x} {first->RefillAt}");
            OfRefills(text, first->Left);
            OfRefills(text, first->Right);
        }
    }

    private static void OfThread(StringBuilder text, Thread* thread)
    {
        const ThreadFlags seen = ~(ThreadFlags.MayGrant | ThreadFlags.WantsReply | ThreadFlags.Queued);
        text.Append($"{thread->State} flags {thread->Flags & seen} rax {thread->Rax:x} word {thread->Word0:x}");
        text.Append($" rip {thread->Rip:x} context {(ulong)thread->SchedContext:x}");
        if (Lending.AwaitsAnswer(thread))
        {
            text.Append($" awaits {(ulong)thread->AwaitedReply:x}");
        }
        if (thread->State is ThreadState.Sending or ThreadState.Receiving or ThreadState.Waiting)
        {
            text.Append($" waits at {(ulong)thread->WaitingOn:x}");
        }
    }

    private static void OfQueue(StringBuilder text, Thread* first)
    {
        for (Thread* thread = first; thread != null; thread = thread->Next)
        {
            text.Append($" {(ulong)thread:x}");
        }
    }
}
