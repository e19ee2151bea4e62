using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers.Objects;

/// <summary>Makes and destroys protection domains. The service lock is held.</summary>
public static unsafe class ProtectionDomains
{
    private const int SlotBits = 5;

    /// <summary>
    /// A domain with this quota, taken out of the server's account, and a table of 2^<paramref name="tableBits"/>
    /// slots. Its memory is what is <paramref name="kept"/> first, until its account's says otherwise.
    /// </summary>
    /// <returns>Null if anything is used up; then nothing has changed.</returns>
    public static ProtectionDomain* TryCreate(
        Server* server,
        Resources quota,
        int tableBits,
        uint firstCpu,
        uint cpuCount,
        KeptBlocks* kept = null
    )
    {
        ProtectionDomain* pd = server->Domains.TryTake();
        if (pd == null)
        {
            return null;
        }
        pd->Account.SetReference(&server->Account);
        pd->Account.Kept = kept;
        pd->FirstCpu = firstCpu;
        pd->CpuCount = cpuCount;
        pd->Handle = server->Objects.Add(&server->OwnObjects, ObjectKind.ProtectionDomain, pd);
        pd->Objects.Initialise(server, &pd->Account);
        pd->Handles.Records = &pd->Account.Records;
        bool made =
            !pd->Handle.IsNull
            && QuotaAccount.Transfer(&server->Account, &pd->Account, quota) == ChargeResult.Ok
            && RecordWindows.Open(server, pd)
            && MakeObjects(server, pd, tableBits)
            && MakeMap(server, pd);
        if (made)
        {
            return pd;
        }
        server->NoteShortage(pd->Account);
        Destroy(server, pd);
        return null;
    }

    /// <summary>Destroys its threads, and lets none be made any more. Whoever waits for the service lock goes between.</summary>
    public static void EndThreads(Server* server, ProtectionDomain* pd)
    {
        pd->IsEnding = true;
        while (pd->Threads != null)
        {
            ThreadObjects.Destroy(server, pd->Threads);
            server->GiveTurn();
        }
    }

    /// <summary>
    /// Gives back everything: threads, memory, kernel objects, and at last the quota. Whoever waits for the service lock goes
    /// between the pieces.
    /// </summary>
    public static void Destroy(Server* server, ProtectionDomain* pd)
    {
        EndThreads(server, pd);
        // With them go the threads that it made itself, so that none faults any more.
        UntypedClaims.ReleaseAll(server, pd);
        if (!pd->Handle.IsNull)
        {
            server->Retire(pd->Handle);
            AwaitPagers(server);
        }
        while (pd->Sessions != null)
        {
            ServiceSessions.Close(server, pd, pd->Sessions);
            server->GiveTurn();
        }
        DestroyMaps(server, pd);
        DestroyDataspaces(server, pd);
        server->LogTurns.Leave(pd);
        pd->Objects.DestroyLater();
        server->Objects.Release(&pd->Handles);
        RecordWindows.Close(server, pd);
        pd->Objects.DestroyFirst();
        QuotaAccount.Transfer(&pd->Account, &server->Account, pd->Account.Available);
        if (pd->Child != null)
        {
            // Behind this others are served, who ask whether it has one.
            pd->Child->Pd = null;
        }
        server->Domains.Give(pd);
        FaultResumption.ResumeUnhandled(server);
    }

    /// <summary>
    /// Comes back when each pager is done with what it was at, and runs on nobody's time of then. The caller has seen to it
    /// that no more faults are to come of whom it is about to destroy. Whatever others do meanwhile, it waits for no more than
    /// two faults on each CPU.
    /// </summary>
    public static void AwaitPagers(Server* server)
    {
        // Behind what the caller has taken from them.
        Interlocked.MemoryBarrier();
        for (uint i = 0; i < server->CpuCount; i++)
        {
            ServerCpu* cpu = (ServerCpu*)&server->Cpus + i;
            ulong taken = Volatile.Read(ref cpu->FaultsTaken);
            while (MayBeAt(cpu, taken))
            {
                X86Base.Pause();
                Processor.Yield();
            }
        }
    }

    /// <summary>
    /// A pager gives lent time back when it receives, and says that it has a fault a moment after: so the first that it says is
    /// perhaps the one of before. One that has lost its time waits for its keeper, one that forwards a fault for its parent; one
    /// that is inactive has been ended from above.
    /// </summary>
    private static bool MayBeAt(ServerCpu* cpu, ulong taken) =>
        Volatile.Read(ref cpu->FaultsTaken) - taken < 2
        && cpu->PagerThread.ReadRegisters(out ThreadRegisters registers) == Status.Ok
        && registers.State is not (Abi.ThreadState.Receiving or Abi.ThreadState.Inactive);

    private static void DestroyMaps(Server* server, ProtectionDomain* pd)
    {
        while (pd->Maps != null)
        {
            RegionMap* map = pd->Maps;
            Empty(server, map);
            RmSessionServer.DestroyMade(server, pd, map);
        }
        if (pd->Map != null)
        {
            Empty(server, pd->Map);
            RmSessionServer.DestroyMap(server, pd->Map);
        }
    }

    private static void Empty(Server* server, RegionMap* map)
    {
        while (!RmSessionServer.TryEmpty(server, map))
        {
            server->GiveTurn();
        }
    }

    private static void DestroyDataspaces(Server* server, ProtectionDomain* pd)
    {
        while (pd->Dataspaces != null)
        {
            if (DataspaceObjects.TryWithdraw(server, pd->Dataspaces))
            {
                DataspaceObjects.Free(server, pd, pd->Dataspaces);
            }
            server->GiveTurn();
        }
        RamRequests.CancelAll(server, pd);
    }

    private static bool MakeObjects(Server* server, ProtectionDomain* pd, int tableBits)
    {
        // One more than there are CPUs, as slot 0 is never used.
        int faultBits = System.Numerics.BitOperations.Log2(FaultTable.SlotFor(LastClusterCpu(server))) + 1;
        pd->Table = new CapTableCapability(
            pd->Objects.TryMake(ObjectRequest.CapTable(tableBits), tableBits + SlotBits)
        );
        pd->Space = new AddressSpaceCapability(pd->Objects.TryMake(ObjectRequest.Of(ObjectType.AddressSpace)));
        pd->FaultTable = new CapTableCapability(
            pd->Objects.TryMake(ObjectRequest.CapTable(faultBits), faultBits + SlotBits)
        );
        if (pd->Table.Slot.IsNull || pd->Space.Slot.IsNull || pd->FaultTable.Slot.IsNull)
        {
            return false;
        }
        for (uint i = 0; i < server->CpuCount; i++)
        {
            ServerCpu* cpu = (ServerCpu*)&server->Cpus + i;
            Status minted = pd->FaultTable.Mint(
                new CapabilitySlot(FaultTable.SlotFor(cpu->ClusterIndex)),
                CapTableCapability.Own,
                cpu->Faults,
                EndpointRights.Send,
                pd->Handle.Value
            );
            if (minted != Status.Ok)
            {
                return false;
            }
        }
        return pd->Space.SetFaultTable(pd->FaultTable) == Status.Ok;
    }

    private static uint LastClusterCpu(Server* server) => server->Cpus[(int)server->CpuCount - 1].ClusterIndex;

    private static bool MakeMap(Server* server, ProtectionDomain* pd)
    {
        pd->Map = server->Mapping.TryCreateMap(UserLayout.PageSize, OwnSpace.BookkeepingBase, &pd->Account);
        if (pd->Map == null)
        {
            return false;
        }
        pd->Map->AttachBase = UserLayout.AttachBase;
        pd->Map->Owner = pd->Handle.Value;
        pd->Map->Handle = server->Objects.Add(&pd->Handles, ObjectKind.RegionMap, pd->Map).Value;
        return pd->Map->Handle != 0;
    }
}
