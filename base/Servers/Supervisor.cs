using System;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers;

/// <summary>What a server's main thread does between signals: ends of children, and sessions between children.</summary>
public static unsafe class Supervisor
{
    /// <summary>A child that has ended and that nobody was told about; null if there is none.</summary>
    public static Child* NextEnded(Server* server)
    {
        for (Child* child = server->Children; child != null; child = child->Next)
        {
            if (child->State is (ChildState.Exited or ChildState.Crashed) && !child->Reported)
            {
                return child;
            }
        }
        return null;
    }

    /// <summary>Every essential child has exited by itself with the value 0.</summary>
    public static bool AllEssentialSucceeded(Server* server)
    {
        for (Child* child = server->Children; child != null; child = child->Next)
        {
            bool essential = (child->Record.Flags & ChildFlags.Essential) != 0;
            if (essential && (!child->Reported || child->ExitValue != 0))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>
    /// Opens the sessions for which the service has been announced, and refuses those whose provider has ended, or was
    /// never started, and will announce nothing; the others stay. All children have been started.
    /// </summary>
    public static void OpenPending(Server* server)
    {
        // Those that come meanwhile signal again: whoever asks without end keeps the supervisor from nothing else.
        for (uint left = CountPending(server); left != 0; left--)
        {
            server->ServiceLock.Acquire();
            PendingSession* pending = TakeReady(server, out Child* provider, out CapabilitySlot root);
            server->ServiceLock.Release();
            if (pending == null)
            {
                return;
            }
            if (root.IsNull)
            {
                Refuse(server, pending, provider);
            }
            else
            {
                Open(server, pending, root);
            }
            server->PendingRecords.Give(pending);
        }
    }

    private static uint CountPending(Server* server)
    {
        uint count = 0;
        server->ServiceLock.Acquire();
        for (PendingSession* pending = server->Pending; pending != null; pending = pending->Next)
        {
            count++;
        }
        server->ServiceLock.Release();
        return count;
    }

    /// <summary>One that can be answered; without a root it is to be refused.</summary>
    private static PendingSession* TakeReady(Server* server, out Child* provider, out CapabilitySlot root)
    {
        provider = null;
        root = default;
        for (PendingSession** link = &server->Pending; *link != null; link = &(*link)->Next)
        {
            PendingSession* pending = *link;
            provider = ProviderOf(server, pending);
            // Nobody receives any more where one that has ended announced.
            bool runs = provider != null && provider->State == ChildState.Running;
            root = runs ? RootOf(provider, pending) : default;
            if (!root.IsNull || !runs)
            {
                *link = pending->Next;
                return pending;
            }
        }
        return null;
    }

    private static Child* ProviderOf(Server* server, PendingSession* pending)
    {
        Child* child = server->Children;
        while (child != null && child->ConfigurationIndex != pending->Server)
        {
            child = child->Next;
        }
        return child;
    }

    private static CapabilitySlot RootOf(Child* provider, PendingSession* pending)
    {
        for (int i = 0; i < provider->ServiceCount; i++)
        {
            if (provider->Announced[i].IsNamed(new ReadOnlySpan<byte>(&pending->Service, pending->ServiceBytes)))
            {
                return provider->Announced[i].Root;
            }
        }
        return default;
    }

    private static void Refuse(Server* server, PendingSession* pending, Child* provider)
    {
        // One that is not here could not be started, or another cluster has it.
        ReadOnlySpan<byte> reason =
            provider == null ? "its provider does not run in this cluster"u8 : "its provider has ended"u8;
        var service = new ReadOnlySpan<byte>(&pending->Service, pending->ServiceBytes);
        server->ServiceLock.Acquire();
        ServiceLines.Refused(server, pending->Client, service, reason);
        server->ServiceLock.Release();
        Answer(server, pending, ParentResult.Denied, default);
    }

    /// <summary>Asks the service for the session and answers the client that was put aside.</summary>
    private static void Open(Server* server, PendingSession* pending, CapabilitySlot root)
    {
        SessionResult opened = new RootClient(root).Open(
            new ReadOnlySpan<byte>(&pending->Label, pending->LabelBytes),
            default,
            Affinity.Whole,
            Quota.None,
            out SessionCapability session
        );
        ParentResult result = opened switch
        {
            SessionResult.Ok => ParentResult.Ok,
            SessionResult.OutOfRam => ParentResult.OutOfRam,
            SessionResult.OutOfCapabilities => ParentResult.OutOfCapabilities,
            _ => ParentResult.Denied,
        };
        Answer(server, pending, result, session.Capability.Slot);
    }

    private static void Answer(Server* server, PendingSession* pending, ParentResult result, CapabilitySlot session) =>
        server->Callers.Answer(pending->Caller, new HeldAnswer(1, (ulong)result, session));
}
