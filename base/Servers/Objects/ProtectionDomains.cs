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
    /// slots.
    /// </summary>
    /// <returns>Null if anything is used up; then nothing has changed.</returns>
    public static ProtectionDomain* TryCreate(
        Server* server,
        Resources quota,
        int tableBits,
        uint firstCpu,
        uint cpuCount
    )
    {
        ProtectionDomain* pd = server->Domains.TryTake();
        if (pd == null)
        {
            return null;
        }
        pd->Account.SetReference(&server->Account);
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
            AwaitPagers(server, pd->Handle);
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
        server->Domains.Give(pd);
    }

    /// <summary>
    /// Comes back when no pager handles a fault of the domain, nor runs on time that a faulter of it has lent. The caller
    /// has seen to it that no more are to come of whom it is about to destroy.
    /// </summary>
    public static void AwaitPagers(Server* server, ObjectHandle handle)
    {
        for (uint i = 0; i < server->CpuCount; i++)
        {
            ServerCpu* cpu = (ServerCpu*)&server->Cpus + i;
            while (MayHandle(cpu, handle))
            {
                X86Base.Pause();
                Processor.Yield();
            }
        }
    }

    /// <summary>
    /// A pager gives lent time back when it receives, which is a moment after it says that it is done. One that has lost it
    /// waits for its keeper.
    /// </summary>
    private static bool MayHandle(ServerCpu* cpu, ObjectHandle handle)
    {
        ulong handled = Volatile.Read(ref cpu->HandlingFor);
        if (handled != 0)
        {
            return handled == handle.Value;
        }
        return cpu->PagerThread.ReadRegisters(out ThreadRegisters registers) == Status.Ok
            && registers.State is Abi.ThreadState.Running or Abi.ThreadState.Ready or Abi.ThreadState.Faulted;
    }

    private static void DestroyMaps(Server* server, ProtectionDomain* pd)
    {
        while (pd->Maps != null)
        {
            RegionMap* map = pd->Maps;
            Empty(server, map);
            pd->Maps = map->NextOwned;
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
