using System.Runtime;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// ReplyRecv of a pager that answers a fault with no more than "go on": the faulter runs at once, with all its registers.
/// The entry stub asks here when <see cref="Fastpath.ReplyRecv"/> declined, so that the answer to a call pays nothing for it.
/// </summary>
internal static unsafe class FastAnswers
{
    /// <param name="address">Of the endpoint capability to receive from.</param>
    /// <param name="cpu">This CPU.</param>
    /// <param name="self">Its current thread, which has no context of its own.</param>
    /// <param name="info">The MessageInfo, of which the stub has seen that four words are enough.</param>
    /// <returns>The faulter; null: the slow path, nothing has changed.</returns>
    [RuntimeExport(EntryPoints.FastAnswersAnswerFault)]
    private static Thread* AnswerFault(ulong address, Cpu* cpu, Thread* self, ulong info)
    {
        if (address >= self->CapabilityCount)
        {
            return null;
        }
        ulong word = self->Capabilities[address].Word;
        if ((word & Capability.EndpointWithReceive) == 0)
        {
            return null;
        }
        var endpoint = (Endpoint*)Capability.ObjectOf(word);
        if (endpoint->Word != (ulong)cpu + (ulong)EndpointState.Idle)
        {
            return null;
        }
        Reply* reply = self->ServerReply;
        ulong held = reply->Word;
        if ((held & Reply.LentByFault) == 0)
        {
            return null;
        }
        if (new MessageInfo(info).Label == FaultReply.SetRegisters)
        {
            return null;
        }
        var faulter = (Thread*)(held - Reply.LentByFault);
        if (faulter->Rank < cpu->HighestReadyByte)
        {
            return null;
        }

        // Nothing can fail from here on.
        Endpoint.SetFirst(endpoint, cpu, self);
        self->WaitingOn = endpoint;
        self->State = ThreadState.Receiving;
        reply->Word = Reply.Nobody;
        cpu->Current = faulter;
        cpu->FastMessages = cpu->FastMessages + 1;
        return faulter;
    }
}
