using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// ReplyMapRecv: the pager's answer to a page fault. Maps into the faulter's address space, resumes the faulter, and
/// waits for the next fault: one system call for each fault. Under the cluster lock.
/// </summary>
/// <remarks>
/// rdi: endpoint to receive from; rdx: (frame slot, FrameRights); r8: virtual address; r9: offset in the frame, bytes;
/// r10: pages. With any status but Ok nothing has changed and the faulter still waits; with MissingPageTable rdx is the
/// level that is missing.
/// </remarks>
internal static unsafe class ReplyMapping
{
    public static Status ReplyMapRecv(Cpu* cpu, Thread* pager, uint slot)
    {
        Status status = Receiving.Check(cpu, pager, slot, out Endpoint* endpoint);
        if (status != Status.Ok)
        {
            return status;
        }
        Reply* reply = pager->Reply;
        Thread* faulter = reply == null ? null : reply->Caller;
        if (faulter == null)
        {
            return Status.NoCaller;
        }
        if (faulter->State != ThreadState.Faulted || faulter->AddressSpace == null)
        {
            return Status.InvalidState;
        }
        status = Lookup.Find(pager, (uint)pager->Rdx, ObjectType.Frame, out Capability* frame);
        if (status != Status.Ok)
        {
            return status;
        }
        var rights = (FrameRights)(pager->Rdx >> 32);
        status = Mapping.Map(
            cpu,
            frame,
            faulter->AddressSpace,
            rights,
            pager->R8,
            pager->R9,
            pager->R10,
            out ulong detail
        );
        if (status != Status.Ok)
        {
            pager->Rdx = detail;
            return status;
        }
        cpu->Count(CpuCounter.FaultsMapped);
        Replying.Release(cpu, reply);
        Receiving.Wait(cpu, pager, endpoint);
        return Status.Ok;
    }
}
