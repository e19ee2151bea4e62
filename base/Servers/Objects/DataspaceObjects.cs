using Skerry.Base.Kernel;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers.Objects;

/// <summary>
/// Dataspaces as objects that clients hold capabilities to. The service lock is held, or shared with the lock of the account
/// that pays for them.
/// </summary>
public static unsafe class DataspaceObjects
{
    /// <param name="server">Whose it is.</param>
    /// <param name="share">Of whoever pays for being able to name it.</param>
    /// <param name="dataspace">What is to be named.</param>
    /// <param name="cpu">Of the clients, by index among the server's.</param>
    /// <returns>None if the payer's memory or the slots are used up.</returns>
    public static Capability Capability(Server* server, ObjectShare* share, Dataspace* dataspace, uint cpu)
    {
        if (dataspace->Handle == 0)
        {
            dataspace->Handle = server->Objects.Add(share, ObjectKind.Dataspace, dataspace).Value;
        }
        return dataspace->Handle == 0
            ? Kernel.Capability.None
            : server->CapabilityTo(new ObjectHandle(dataspace->Handle), cpu);
    }

    /// <summary>The dataspace of this server that a capability designates; null if it designates none.</summary>
    public static Dataspace* Find(Server* server, Capability capability) =>
        (Dataspace*)server->Designated(capability, ObjectKind.Dataspace);

    public static void AddOwned(ProtectionDomain* pd, Dataspace* dataspace)
    {
        dataspace->Owner = pd->Handle.Value;
        dataspace->NextOwned = pd->Dataspaces;
        if (pd->Dataspaces != null)
        {
            pd->Dataspaces->PreviousOwned = dataspace;
        }
        pd->Dataspaces = dataspace;
    }

    /// <summary>Detaches a dataspace that is about to go, in as many places as one request may.</summary>
    /// <returns>Whether it is attached nowhere any more, and may be freed.</returns>
    public static bool TryWithdraw(Server* server, Dataspace* dataspace)
    {
        for (int i = 0; i < RequestLimits.DetachedRegions; i++)
        {
            if (!server->Mapping.TryWithdraw(dataspace))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Frees a dataspace that the PD owns: everywhere, with all capabilities to it.</summary>
    public static void Free(Server* server, ProtectionDomain* pd, Dataspace* dataspace)
    {
        if (dataspace->PreviousOwned != null)
        {
            dataspace->PreviousOwned->NextOwned = dataspace->NextOwned;
        }
        else
        {
            pd->Dataspaces = dataspace->NextOwned;
        }
        if (dataspace->NextOwned != null)
        {
            dataspace->NextOwned->PreviousOwned = dataspace->PreviousOwned;
        }
        Forget(server, dataspace);
        if (dataspace->Kind == DataspaceKind.Foreign)
        {
            pd->Account.Refund(ForeignDataspaces.Cost);
        }
        server->Mapping.FreeDataspace(dataspace);
    }

    /// <summary>Ends the capabilities to a dataspace.</summary>
    public static void Forget(Server* server, Dataspace* dataspace)
    {
        if (dataspace->Handle != 0)
        {
            server->Retire(new ObjectHandle(dataspace->Handle));
            dataspace->Handle = 0;
        }
    }
}
