using System;
using Skerry.Abi;
using Skerry.Base.Configuration;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Startup;

namespace Skerry.Base.Servers.Components;

/// <summary>Starts and ends the components of a server.</summary>
public static unsafe class Children
{
    private const int TableBits = 10;

    /// <summary>
    /// Makes a child out of its configuration and its program's file, and gives it its first sessions. It does not run
    /// yet: <see cref="ComponentLoader.Run"/>. After a failure nothing is left of it.
    /// </summary>
    public static LoadResult Create(
        Server* server,
        in ChildRequest request,
        ReadOnlySpan<byte> program,
        out Child* child,
        out ThreadRecord* main
    )
    {
        server->ServiceLock.Acquire();
        LoadResult result = CreateLocked(server, request, program, out child, out main);
        server->ServiceLock.Release();
        return result;
    }

    /// <summary>
    /// Takes back all that a child has, and serves others between its pieces. What the server has available is then what it
    /// was before.
    /// </summary>
    /// <param name="server">Its parent.</param>
    /// <param name="child">It has ended, or ends by this.</param>
    /// <param name="startsAgain">Who asks for a session of its waits for that.</param>
    public static void Destroy(Server* server, Child* child, bool startsAgain)
    {
        server->ServiceLock.Acquire();
        child->Pd->Account.Kept = startsAgain ? &child->Kept : null;
        // Others are served meanwhile: first whoever could still ask in its name goes, then its name.
        ProtectionDomains.EndThreads(server, child->Pd);
        server->Retire(child->Handle);
        SiblingSessions.ClientEnds(server, child);
        ProtectionDomains.Destroy(server, child->Pd);
        HeldCaller* next;
        for (HeldCaller* held = child->Held.TakeAll(); held != null; held = next)
        {
            // As a rule its thread is gone. Who has ended the child in its name, by a capability that it gave away, is told
            // that the call has failed.
            next = held->Next;
            server->Callers.Answer(held, HeldAnswer.Again);
        }
        for (int i = 0; i < child->ServiceCount; i++)
        {
            server->LetGo(child->Announced[i].Requests.Slot);
        }
        child->ServiceCount = 0;
        child->State = startsAgain ? ChildState.AwaitsStart : ChildState.Destroyed;
        if (!startsAgain)
        {
            SiblingList.ForgetLeft(server, child);
        }
        SiblingSessions.ProviderEnds(server, child);
        SiblingSessions.AdvanceAll(server);
        server->ServiceLock.Release();
    }

    private static LoadResult CreateLocked(
        Server* server,
        in ChildRequest request,
        ReadOnlySpan<byte> program,
        out Child* child,
        out ThreadRecord* main
    )
    {
        main = null;
        ulong madeAt = SystemCalls.ReadTimeStampCounter();
        server->ForgetRefused();
        child = request.Again != null ? request.Again : server->ChildRecords.TryTake();
        if (child == null)
        {
            return LoadResult.OutOfResources;
        }
        child->Record = request.Record;
        child->Name.Set(request.Name);
        child->ConfigurationIndex = request.ConfigurationIndex;
        LeftSessions left = SiblingList.LeftBy(server, child);
        int tableBits = request.TableBits == 0 ? TableBits : request.TableBits;
        child->Pd = ProtectionDomains.TryCreate(
            server,
            request.Quota - left.Donated,
            tableBits,
            request.FirstCpu,
            request.CpuCount,
            request.Record.Restarts == 0 ? null : &child->Kept
        );
        if (child->Pd == null)
        {
            server->Untyped.GiveUp(&child->Kept);
            GiveRecord(server, in request, child);
            return LoadResult.OutOfResources;
        }
        child->Pd->Child = child;
        child->Pd->IsServer = request.IsServer;
        child->Pd->SessionPlaces = request.SessionPlaces;
        child->Pd->OpenedSessions = left.Count;
        child->Handle = server->Objects.Add(&server->OwnObjects, ObjectKind.Parent, child);
        StartupBlock block = Block(server, request, tableBits, madeAt, child->Restarts);
        LoadResult result = child->Handle.IsNull
            ? LoadResult.OutOfResources
            : ComponentLoader.Load(server, child->Pd, program, block, request.Record.Priority, out main);
        if (result == LoadResult.Ok && !GiveSessions(server, child, main, request.Label))
        {
            result = LoadResult.OutOfResources;
        }
        if (result != LoadResult.Ok)
        {
            server->NoteShortage(child->Pd->Account);
            ProtectionDomains.Destroy(server, child->Pd);
            server->Untyped.GiveUp(&child->Kept);
            server->Retire(child->Handle);
            GiveRecord(server, in request, child);
            return result;
        }
        child->Pd->Account.Kept = null;
        child->Pd->StartedWith = child->Pd->Account.Used;
        server->Untyped.GiveUp(&child->Kept);
        child->BeginAgain();
        child->State = ChildState.Running;
        if (request.Again == null)
        {
            child->Next = server->Children;
            server->Children = child;
        }
        return LoadResult.Ok;
    }

    /// <summary>One that was there before stays known.</summary>
    private static void GiveRecord(Server* server, in ChildRequest request, Child* child)
    {
        if (request.Again == null)
        {
            server->ChildRecords.Give(child);
        }
    }

    private static StartupBlock Block(
        Server* server,
        in ChildRequest request,
        int tableBits,
        ulong madeAt,
        uint restarts
    )
    {
        var block = new StartupBlock
        {
            Magic = StartupBlock.ExpectedMagic,
            CapTableSizeBits = (uint)tableBits,
            FirstFreeSlot = request.FirstFreeSlot == 0 ? (uint)StartupSlot.FirstFree : request.FirstFreeSlot,
            AffinitySpace = new Sessions.Affinity(0, request.CpuCount),
            TscHertz = server->TscHertz,
            ClusterId = server->ClusterId,
            MainStackBytes = (uint)ComponentLoader.MainStackBytes,
            Priority = request.Record.Priority,
            Restarts = restarts,
            MadeAt = madeAt,
        };
        block.Name.Set(request.Name);
        block.Arguments.TrySet(request.Arguments);
        return block;
    }

    /// <summary>The sessions every component starts with, at the places of <see cref="StartupSlot"/>.</summary>
    internal static bool GiveSessions(Server* server, Child* child, ThreadRecord* main, ReadOnlySpan<byte> label)
    {
        ProtectionDomain* pd = child->Pd;
        return Give(server, pd, StartupSlot.Parent, child->Handle)
            && Give(server, pd, StartupSlot.Pd, pd->Handle)
            && Give(server, pd, StartupSlot.AddressSpace, new ObjectHandle(pd->Map->Handle))
            && Give(server, pd, StartupSlot.MainThread, main->Handle)
            && Open(server, pd, StartupSlot.Cpu, ObjectKind.CpuSession, label)
            && Open(server, pd, StartupSlot.Rm, ObjectKind.RmSession, label)
            && Open(server, pd, StartupSlot.Log, ObjectKind.LogSession, label)
            && Open(server, pd, StartupSlot.Trace, ObjectKind.Trace, label)
            && pd->Table.Copy(
                new CapabilitySlot((uint)StartupSlot.CapTable),
                CapTableCapability.Own,
                pd->Table.Slot,
                ObjectRights.All
            ) == Status.Ok;
    }

    private static bool Open(
        Server* server,
        ProtectionDomain* pd,
        StartupSlot slot,
        ObjectKind kind,
        ReadOnlySpan<byte> label
    )
    {
        ServiceSession* session = ServiceSessions.TryOpen(server, pd, kind, label);
        return session != null && Give(server, pd, slot, session->Handle);
    }

    private static bool Give(Server* server, ProtectionDomain* pd, StartupSlot slot, ObjectHandle handle)
    {
        // Minted from the server's own capability, so that retiring the object takes this one with it.
        Capability capability = server->CapabilityTo(handle, pd->FirstCpu);
        return !capability.IsNone
            && pd->Table.Copy(
                new CapabilitySlot((uint)slot),
                CapTableCapability.Own,
                capability.Slot,
                EndpointRights.Send | EndpointRights.Grant
            ) == Status.Ok;
    }
}
