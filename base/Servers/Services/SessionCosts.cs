using Skerry.Base.Memory;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// What a session costs who opens it: a capability, one place of a pool of fixed size, and what it donates. The service
/// lock is held.
/// </summary>
internal static unsafe class SessionCosts
{
    private static Resources Capability => new(0, 1);

    public static ParentResult Charge(Server* server, ProtectionDomain* client, Resources donation)
    {
        if (client->OpenedSessions >= PlacesOf(client))
        {
            return ParentResult.OutOfCapabilities;
        }
        // What it was given for sessions goes back when it ends: given on, that would be others' to pay. And it is started again
        // with what it was started with.
        ChargeResult charged = donation.IsZero
            ? ChargeResult.Ok
            : client->Account.HoldsBesides(donation, SiblingList.GivenTo(server, client->Child) + client->StartedWith);
        if (charged == ChargeResult.Ok)
        {
            charged = client->Account.Charge(Capability);
        }
        if (charged == ChargeResult.Ok)
        {
            charged = Donation.Hold(server, client, donation);
            if (charged != ChargeResult.Ok)
            {
                client->Account.Refund(Capability);
            }
        }
        if (charged != ChargeResult.Ok)
        {
            return charged == ChargeResult.OutOfRam ? ParentResult.OutOfRam : ParentResult.OutOfCapabilities;
        }
        client->OpenedSessions++;
        return ParentResult.Ok;
    }

    private static uint PlacesOf(ProtectionDomain* client) =>
        client->SessionPlaces == 0 ? IParent.MaximumSessions : client->SessionPlaces;

    /// <param name="server">The client's.</param>
    /// <param name="client">Who opened it.</param>
    /// <param name="donation">What the server still holds of it.</param>
    public static void Refund(Server* server, ProtectionDomain* client, Resources donation)
    {
        client->OpenedSessions--;
        RefundCapability(client);
        Donation.Give(server, client, donation);
    }

    /// <summary>The place stays taken: the session is left behind (<see cref="LeftSessions"/>).</summary>
    public static void RefundCapability(ProtectionDomain* client) => client->Account.Refund(Capability);
}
