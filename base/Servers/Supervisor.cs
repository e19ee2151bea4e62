using System;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
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

    /// <summary>Opens the sessions for which the service has been announced; the others stay.</summary>
    public static void OpenPending(Server* server)
    {
        while (true)
        {
            server->ServiceLock.Acquire();
            PendingSession* pending = TakeReady(server, out CapabilitySlot root);
            server->ServiceLock.Release();
            if (pending == null)
            {
                return;
            }
            Open(pending, root);
            server->Replies.Give(pending->Reply);
            server->PendingRecords.Give(pending);
        }
    }

    private static PendingSession* TakeReady(Server* server, out CapabilitySlot root)
    {
        root = default;
        for (PendingSession** link = &server->Pending; *link != null; link = &(*link)->Next)
        {
            PendingSession* pending = *link;
            root = RootOf(server, pending);
            if (!root.IsNull)
            {
                *link = pending->Next;
                return pending;
            }
        }
        return null;
    }

    private static CapabilitySlot RootOf(Server* server, PendingSession* pending)
    {
        Child* child = server->Children;
        while (child != null && child->ConfigurationIndex != pending->Server)
        {
            child = child->Next;
        }
        for (int i = 0; child != null && i < child->ServiceCount; i++)
        {
            if (child->Announced[i].IsNamed(new ReadOnlySpan<byte>(&pending->Service, pending->ServiceBytes)))
            {
                return child->Announced[i].Root;
            }
        }
        return default;
    }

    /// <summary>Asks the service for the session and answers the client that was put aside.</summary>
    private static void Open(PendingSession* pending, CapabilitySlot root)
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
        RpcMessage reply = default;
        var writer = new MessageWriter(ref reply, RpcLabel.Reply(RpcStatus.Ok));
        writer.WriteWord((ulong)result);
        writer.WriteCapability(session.Capability);
        var frame = new SystemCallFrame { Number = (ulong)SystemCall.NBSend, Address = pending->Reply.Value };
        MessageExchange.Store(ref reply, ref frame);
        SystemCalls.Trap(ref frame);
        CapabilitySlots.Release(session.Capability.Slot);
    }
}
