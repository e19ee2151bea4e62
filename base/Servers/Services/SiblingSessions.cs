using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Rpc;
using Skerry.Base.Servers.Components;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// Sessions between children. The server never calls a child and waits for none: the client's call is put aside, the
/// provider is signalled, asks what there is to do, and answers when it will. The service lock is held.
/// </summary>
internal static unsafe class SiblingSessions
{
    /// <summary>A child asks for a session that the one with this number of the configuration is to serve.</summary>
    /// <returns>Pending: the caller is held and will be answered. Everything else: nothing has changed.</returns>
    public static ParentResult Ask(
        Server* server,
        Child* client,
        uint provider,
        in SessionWish wish,
        ref HeldCaller* bound,
        ThreadCapability thread
    )
    {
        ParentResult paid = SessionCosts.Charge(server, client->Pd, wish.Donation);
        if (paid != ParentResult.Ok)
        {
            return paid;
        }
        SiblingSession* session = server->SiblingRecords.TryTake();
        ObjectHandle handle =
            session == null ? default : server->Objects.Add(&server->OwnObjects, ObjectKind.SiblingSession, session);
        HeldCaller* held = handle.IsNull ? null : server->Callers.PutAside(thread, ref bound);
        if (held == null)
        {
            if (!handle.IsNull)
            {
                server->Retire(handle);
            }
            if (session != null)
            {
                server->SiblingRecords.Give(session);
            }
            SessionCosts.Refund(server, client->Pd, wish.Donation);
            return ParentResult.OutOfCapabilities;
        }
        session->Handle = handle;
        session->Client = client;
        session->ProviderIndex = provider;
        session->Caller = held;
        session->Donation = wish.Donation;
        session->Place = wish.Place;
        session->Name.Set(wish.Service);
        session->Label.Set(wish.Label);
        session->Arguments.Set(wish.Arguments);
        SiblingList.Append(server, session);
        Advance(server, session);
        return ParentResult.Pending;
    }

    /// <summary>A service was announced, or all children have been started: those that wait may go on, or never will.</summary>
    public static void AdvanceAll(Server* server)
    {
        SiblingSession* next;
        for (SiblingSession* session = server->Siblings; session != null; session = next)
        {
            next = session->Next;
            Advance(server, session);
        }
    }

    /// <summary>The client lets go of a session that it has.</summary>
    public static ParentResult Close(Server* server, Child* client, SessionId id)
    {
        var session = (SiblingSession*)server->Objects.Find(id.Value, ObjectKind.SiblingSession);
        bool isIts =
            session != null
            && session->Client == client
            && session->State is SiblingState.Open or SiblingState.Orphaned;
        if (!isIts)
        {
            return ParentResult.UnknownSession;
        }
        LetGo(server, session);
        return ParentResult.Ok;
    }

    /// <summary>Before what the child has is taken from it: nobody waits for it any more, as its client.</summary>
    public static void ClientEnds(Server* server, Child* client)
    {
        SiblingSession* next;
        for (SiblingSession* session = server->Siblings; session != null; session = next)
        {
            next = session->Next;
            if (session->Client != client)
            {
                continue;
            }
            if (session->Caller != null)
            {
                Deny(server, session, ParentResult.Denied);
            }
            SessionCosts.RefundCapability(client->Pd);
            session->Client = null;
            session->LeftBy = client;
            if (session->State is SiblingState.Waiting or SiblingState.Asked)
            {
                Remove(server, session);
            }
            else if (session->State is SiblingState.Open or SiblingState.Orphaned)
            {
                LetGo(server, session);
            }
        }
    }

    /// <summary>After what the child had was taken from it: what it was given for sessions goes back to their clients.</summary>
    public static void ProviderEnds(Server* server, Child* provider)
    {
        SiblingSession* next;
        for (SiblingSession* session = server->Siblings; session != null; session = next)
        {
            next = session->Next;
            if (session->Provider != provider)
            {
                continue;
            }
            session->Provider = null;
            if (session->State == SiblingState.Asked && Restarts.StartsAgain(provider))
            {
                // It has not seen the request: the next instance will. What it had taken may be what it ended of.
                session->State = SiblingState.Waiting;
                continue;
            }
            if (session->IsRefusable)
            {
                Refuse(server, session, "its provider has ended"u8);
                continue;
            }
            // Its account was emptied into the server's: what it was given is there, if nothing of it was lost.
            if (server->Account.Charge(session->Donation) != ChargeResult.Ok)
            {
                session->Donation = default;
            }
            if (session->State == SiblingState.Open)
            {
                DonationBack(server, session);
                session->State = SiblingState.Orphaned;
            }
            else
            {
                Remove(server, session);
            }
        }
    }

    /// <summary>From Waiting to Asked, or refused, as the provider is.</summary>
    private static void Advance(Server* server, SiblingSession* session)
    {
        if (session->State != SiblingState.Waiting)
        {
            return;
        }
        Child* provider = ProviderOf(server, session);
        if (provider == null)
        {
            if (server->AllStarted)
            {
                // It could not be started, or another cluster has it.
                Refuse(server, session, "its provider does not run in this cluster"u8);
            }
            return;
        }
        if (provider->State != ChildState.Running)
        {
            if (!Restarts.StartsAgain(provider))
            {
                Refuse(server, session, "its provider has ended"u8);
            }
            return;
        }
        for (int i = 0; i < provider->ServiceCount; i++)
        {
            if (provider->Announced[i].Name.Text.SequenceEqual(session->Name.Text))
            {
                session->Provider = provider;
                session->Service = (uint)i;
                session->State = SiblingState.Asked;
                provider->Announced[i].Requests.Signal();
                return;
            }
        }
    }

    private static Child* ProviderOf(Server* server, SiblingSession* session)
    {
        Child* child = server->Children;
        while (child != null && child->ConfigurationIndex != session->ProviderIndex)
        {
            child = child->Next;
        }
        return child;
    }

    /// <summary>Takes the capability from everybody; the provider hears of it, if there is one.</summary>
    internal static void LetGo(Server* server, SiblingSession* session)
    {
        CapTableCapability.Own.Revoke(session->Capability);
        server->LetGo(session->Capability);
        session->Capability = default;
        if (session->State == SiblingState.Orphaned)
        {
            Remove(server, session);
            return;
        }
        session->State = SiblingState.Closing;
        session->Provider->Announced[(int)session->Service].Requests.Signal();
    }

    private static void Refuse(Server* server, SiblingSession* session, ReadOnlySpan<byte> reason)
    {
        if (session->Client != null)
        {
            ServiceLines.Refused(server, session->Client, session->Name.Text, reason);
        }
        End(server, session, ParentResult.Denied);
    }

    /// <summary>The client does not get its session.</summary>
    internal static void End(Server* server, SiblingSession* session, ParentResult result)
    {
        if (session->Caller != null)
        {
            Deny(server, session, result);
        }
        Remove(server, session);
    }

    /// <summary>The provider has opened it: the client, which waits, gets it.</summary>
    internal static void Grant(Server* server, SiblingSession* session)
    {
        CapabilitySlot copy = CopyOf(server, session);
        HeldCaller* caller = session->Caller;
        session->Caller = null;
        if (copy.IsNull)
        {
            server->Callers.Answer(caller, new HeldAnswer((ulong)ParentResult.OutOfCapabilities, default, 0));
            LetGo(server, session);
            return;
        }
        server->Callers.Answer(caller, new HeldAnswer((ulong)ParentResult.Ok, copy, session->Handle.Value));
    }

    /// <summary>Tells the client, which waits, that it gets none.</summary>
    private static void Deny(Server* server, SiblingSession* session, ParentResult result)
    {
        HeldCaller* caller = session->Caller;
        session->Caller = null;
        server->Callers.Answer(caller, new HeldAnswer((ulong)result, default, 0));
    }

    /// <summary>What the client gets: the answer may be sent later, when the session has been closed again.</summary>
    private static CapabilitySlot CopyOf(Server* server, SiblingSession* session)
    {
        CapTableCapability own = CapTableCapability.Own;
        CapabilitySlot copy = session->Capability.IsNull ? default : server->Slots.TryTake();
        if (copy.IsNull || own.Copy(copy, own, session->Capability, ObjectRights.All) == Status.Ok)
        {
            return copy;
        }
        server->Slots.Give(copy);
        return default;
    }

    /// <summary>Gives back what was paid for it, as far as the client is still there, and the record.</summary>
    internal static void Remove(Server* server, SiblingSession* session)
    {
        DonationBack(server, session);
        if (session->Client != null)
        {
            SessionCosts.Refund(server, session->Client->Pd, default);
        }
        else if (CountsAsLeft(session))
        {
            session->LeftBy->Pd->OpenedSessions--;
        }
        SiblingList.Unlink(server, session);
        server->Retire(session->Handle);
        server->SiblingRecords.Give(session);
    }

    /// <summary>Whether its client has ended, and it counts as a session of the one that ends still, or runs now.</summary>
    private static bool CountsAsLeft(SiblingSession* session) => session->LeftBy != null && session->LeftBy->Pd != null;

    /// <summary>What the server holds for it goes to the client, or stays if there is none.</summary>
    private static void DonationBack(Server* server, SiblingSession* session)
    {
        Child* client = CountsAsLeft(session) ? session->LeftBy : session->Client;
        if (client != null)
        {
            Donation.Give(server, client->Pd, session->Donation);
        }
        else
        {
            Donation.Keep(server, session->Donation);
        }
        session->Donation = default;
    }
}
