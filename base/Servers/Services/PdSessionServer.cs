using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// The PD service: one protection domain, as a client on one CPU sees it. The service lock is held; shared, for the methods
/// that are of one domain alone (<see cref="DomainRequests"/>).
/// </summary>
/// <param name="server">Whose it is.</param>
/// <param name="pd">The domain.</param>
/// <param name="cpu">Of the client, by index among the server's.</param>
/// <param name="named">The dataspace that the request names, if it was looked up before; null if not.</param>
public readonly unsafe struct PdSessionServer(Server* server, ProtectionDomain* pd, uint cpu, Dataspace* named)
    : IPdSession
{
    public AllocationResult AllocateRam(
        ulong bytes,
        Placement placement,
        CacheAttribute cache,
        out DataspaceCapability dataspace
    )
    {
        dataspace = default;
        if (bytes == 0 || !Window(placement, out PhysicalWindow window))
        {
            return bytes == 0 ? AllocationResult.InvalidArgument : AllocationResult.Denied;
        }
        AllocationResult result = RamRequests.Serve(server, pd, bytes, window, out Dataspace* made);
        if (result != AllocationResult.Ok)
        {
            return result;
        }
        DataspaceObjects.AddOwned(pd, made);
        Capability capability = DataspaceObjects.Capability(server, &pd->Handles, made, cpu);
        if (capability.IsNone)
        {
            DataspaceObjects.Free(server, pd, made);
            return AllocationResult.OutOfCapabilities;
        }
        dataspace = new DataspaceCapability(capability);
        return AllocationResult.Ok;
    }

    public DataspaceResult FreeRam(DataspaceCapability dataspace)
    {
        Dataspace* found = Find(dataspace);
        if (found == null)
        {
            return DataspaceResult.InvalidDataspace;
        }
        if (found->Owner != pd->Handle.Value)
        {
            return DataspaceResult.NotOwner;
        }
        if (!DataspaceObjects.TryWithdraw(server, found))
        {
            return DataspaceResult.NotYet;
        }
        DataspaceObjects.Free(server, pd, found);
        return DataspaceResult.Ok;
    }

    public DataspaceResult Seal(DataspaceCapability dataspace)
    {
        Dataspace* found = Find(dataspace);
        if (found == null)
        {
            return DataspaceResult.InvalidDataspace;
        }
        if (found->Owner != pd->Handle.Value)
        {
            return DataspaceResult.NotOwner;
        }
        found->Rights &= ~FrameRights.Write;
        return DataspaceResult.Ok;
    }

    public DataspaceResult DataspaceSize(DataspaceCapability dataspace, out ulong bytes)
    {
        Dataspace* found = Find(dataspace);
        bytes = found == null ? 0 : found->Size;
        return found == null ? DataspaceResult.InvalidDataspace : DataspaceResult.Ok;
    }

    public QuotaResult Quota(out QuotaState state)
    {
        Resources limit = pd->Account.Limit;
        Resources used = pd->Account.Used;
        state = new QuotaState(new Quota(limit.Ram, limit.Capabilities), new Quota(used.Ram, used.Capabilities));
        return QuotaResult.Ok;
    }

    public QuotaResult SetReferenceAccount(PdSessionCapability account)
    {
        ProtectionDomain* other = Find(account);
        if (other == null || other == pd)
        {
            return QuotaResult.InvalidAccount;
        }
        if (pd->Account.HasReference)
        {
            return QuotaResult.AlreadySet;
        }
        pd->Account.SetReference(&other->Account);
        return QuotaResult.Ok;
    }

    public QuotaResult TransferQuota(PdSessionCapability account, Quota amount)
    {
        ProtectionDomain* other = Find(account);
        if (other == null)
        {
            return QuotaResult.InvalidAccount;
        }
        var resources = new Resources(amount.RamBytes, amount.Capabilities);
        return QuotaAccount.Transfer(&pd->Account, &other->Account, resources) switch
        {
            ChargeResult.Ok => QuotaResult.Ok,
            ChargeResult.OutOfRam => QuotaResult.OutOfRam,
            ChargeResult.OutOfCapabilities => QuotaResult.OutOfCapabilities,
            _ => QuotaResult.NotReferenceAccount,
        };
    }

    public AllocationResult AllocateEndpoint(uint cpu, out EndpointCapability endpoint)
    {
        AllocationResult result = AllocateObject(ObjectType.Endpoint, cpu, out CapabilitySlot slot);
        endpoint = new EndpointCapability(slot);
        return result;
    }

    /// <summary>Denied: the kernel lets nobody send a Reply capability; each thread is made with one bound to it.</summary>
    public AllocationResult AllocateReply(out ReplyCapability reply)
    {
        reply = default;
        return AllocationResult.Denied;
    }

    public AllocationResult AllocateNotification(uint cpu, out NotificationCapability notification)
    {
        AllocationResult result = AllocateObject(ObjectType.Notification, cpu, out CapabilitySlot slot);
        notification = new NotificationCapability(slot);
        return result;
    }

    public AllocationResult ClaimUntyped(uint sizeBits, Placement placement, uint slot, out ulong physicalAddress)
    {
        physicalAddress = 0;
        if (!pd->IsServer)
        {
            return AllocationResult.Denied;
        }
        if (sizeBits is < 12 or > 40 || !Window(placement, out PhysicalWindow window))
        {
            return AllocationResult.InvalidArgument;
        }
        return UntypedClaims.Claim(server, pd, (int)sizeBits, window, new CapabilitySlot(slot), out physicalAddress);
    }

    public PdResult AddressSpace(out RegionMapCapability regionMap)
    {
        Capability capability = server->CapabilityTo(new ObjectHandle(pd->Map->Handle), cpu);
        regionMap = new RegionMapCapability(capability);
        return capability.IsNone ? PdResult.OutOfCapabilities : PdResult.Ok;
    }

    /// <summary>Refused: stacks are attached to the address space itself, at UserLayout.StackAreaBase.</summary>
    public PdResult StackArea(out RegionMapCapability regionMap)
    {
        regionMap = default;
        return PdResult.InvalidArgument;
    }

    public PdResult Map(ulong address, ulong bytes, out ulong mapped)
    {
        mapped = 0;
        if (((address | bytes) & (UserLayout.PageSize - 1)) != 0 || address + bytes < address)
        {
            return PdResult.InvalidArgument;
        }
        const ulong most = RequestLimits.MappedPages * UserLayout.PageSize;
        ulong now = bytes < most ? bytes : most;
        if (!Prefault.Range(server, pd, cpu, address, now))
        {
            return PdResult.InvalidArgument;
        }
        mapped = now;
        return PdResult.Ok;
    }

    private Dataspace* Find(DataspaceCapability dataspace) =>
        named != null ? named : DataspaceObjects.Find(server, dataspace.Capability);

    private ProtectionDomain* Find(PdSessionCapability account) =>
        (ProtectionDomain*)server->Designated(account.Capability, ObjectKind.ProtectionDomain);

    /// <summary>
    /// Any and OwnCluster mean all memory of this server, which lies in one cluster. Its node is where that lies. Who chooses
    /// by address can leave others nothing but single pages between its own: ranges are for servers, which claim what their
    /// configuration names.
    /// </summary>
    private bool Window(Placement placement, out PhysicalWindow window)
    {
        window = placement.Kind == PlacementKind.Range ? new PhysicalWindow(placement.Start, placement.End) : default;
        return placement.Kind switch
        {
            PlacementKind.Any or PlacementKind.OwnCluster => true,
            PlacementKind.Range => pd->IsServer && placement.Start < placement.End,
            PlacementKind.Node => placement.Node == server->MemoryNode,
            _ => false,
        };
    }

    private AllocationResult AllocateObject(ObjectType type, uint cpu, out CapabilitySlot slot)
    {
        slot = default;
        if (cpu >= pd->CpuCount)
        {
            return AllocationResult.InvalidArgument;
        }
        uint clusterCpu = server->Cpus[(int)(pd->FirstCpu + cpu)].ClusterIndex;
        return pd->Objects.TryMakeCharged(ObjectRequest.OnCpu(type, clusterCpu), out slot) switch
        {
            ChargeResult.Ok => AllocationResult.Ok,
            ChargeResult.OutOfCapabilities => AllocationResult.OutOfCapabilities,
            _ => AllocationResult.OutOfRam,
        };
    }
}
