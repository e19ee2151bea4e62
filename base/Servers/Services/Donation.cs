using Skerry.Base.Memory;
using Skerry.Base.Servers.Objects;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// What a client gives for a session. The server holds it, and nobody else gets it, until it goes to whoever serves or back.
/// The service lock is held.
/// </summary>
internal static unsafe class Donation
{
    /// <summary>From the client's account to the server's, where it counts as used.</summary>
    public static ChargeResult Hold(Server* server, ProtectionDomain* client, Resources amount)
    {
        ChargeResult result = QuotaAccount.Transfer(&client->Account, &server->Account, amount);
        if (result == ChargeResult.Ok)
        {
            server->Account.Charge(amount);
        }
        return result;
    }

    /// <summary>What is held goes to an account: the client's, or that of whoever serves.</summary>
    public static void Give(Server* server, ProtectionDomain* pd, Resources amount)
    {
        server->Account.Refund(amount);
        QuotaAccount.Transfer(&server->Account, &pd->Account, amount);
    }

    /// <summary>What is held for a client that has ended is the server's again.</summary>
    public static void Keep(Server* server, Resources amount) => server->Account.Refund(amount);
}
