using System.Runtime;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// ReplyMapRecv: the pager's answer to a page fault. Maps into the faulter's address space, resumes the faulter, and
/// waits for the next fault: one system call for each fault. Under the cluster lock, which <see cref="MapOne"/> takes
/// for the mapping alone.
/// </summary>
/// <remarks>
/// rdi: endpoint to receive from; word 0: (frame slot, PageAttributes); 1: virtual address; 2: offset in the frame, bytes;
/// 3: pages. With any status but Ok the faulter still waits and nothing has changed, but that those at the endpoint whom the
/// pager cannot take may have been told (<see cref="Refusals"/>); with MissingPageTable word 0 is the level that is missing.
/// </remarks>
internal static unsafe class ReplyMapping
{
    /// <summary>One page, the faulter is of this CPU and lent its context, nobody else waits at the endpoint.</summary>
    /// <returns>
    /// The faulter, to be resumed with all its registers; null: take the slow path, nothing has changed.
    /// </returns>
    [RuntimeExport(EntryPoints.ReplyMappingMapOne)]
    private static Thread* MapOne(
        ulong address,
        Cpu* cpu,
        Thread* pager,
        ulong frameAndRights,
        ulong page,
        ulong offset
    )
    {
        if ((uint)frameAndRights >= pager->CapabilityCount)
        {
            return null;
        }
        if (
            !DirectSwitch.FindLender<FaultLoan>(
                address,
                cpu,
                pager,
                out Endpoint* endpoint,
                out Reply* reply,
                out Thread* faulter
            )
        )
        {
            return null;
        }
        if (!ClusterLock.TryAcquire())
        {
            return null;
        }
        Capability* frame = pager->Capabilities + (uint)frameAndRights;
        bool isFrame = frame->Type == ObjectType.Frame;
        if (!isFrame || !Mapping.MapOne(frame, faulter->AddressSpace, frameAndRights >> 32, page, offset))
        {
            ClusterLock.Release();
            return null;
        }
        ClusterLock.Release();
        DirectSwitch.GiveBack(cpu, pager, endpoint, reply, faulter);
        cpu->FastMappings = cpu->FastMappings + 1;
        return faulter;
    }

    public static Status ReplyMapRecv(Cpu* cpu, Thread* pager, ulong slot)
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
        status = Lookup.Find(pager, (uint)pager->Word0, ObjectType.Frame, out Capability* frame);
        if (status != Status.Ok)
        {
            return status;
        }
        if (!Refusals.Tell(cpu, pager, endpoint))
        {
            return Threads.CallAgain(pager);
        }
        status = Mapping.Map(
            cpu,
            frame,
            faulter->AddressSpace,
            pager->Word0 >> 32,
            pager->Word1,
            pager->Word2,
            pager->Word3,
            out ulong detail
        );
        if (status != Status.Ok)
        {
            pager->Word0 = detail;
            return status;
        }
        cpu->Count(CpuCounter.FaultsMapped);
        Replying.Release(cpu, reply);
        Receiving.Wait(cpu, pager, endpoint);
        return Status.Ok;
    }
}
