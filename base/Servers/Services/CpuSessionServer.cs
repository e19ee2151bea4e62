using System;
using Skerry.Base.Kernel;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;

namespace Skerry.Base.Servers.Services;

/// <summary>The CPU service: threads on the CPUs of one session. The service lock is held.</summary>
public readonly unsafe struct CpuSessionServer(Server* server, ServiceSession* session, uint cpu) : ICpuSession
{
    public ThreadResult CreateThread(
        PdSessionCapability pd,
        ReadOnlySpan<byte> name,
        Affinity affinity,
        uint priority,
        ulong messageBuffer,
        out CpuThreadCapability thread
    )
    {
        thread = default;
        var domain = (ProtectionDomain*)server->Designated(pd.Capability, ObjectKind.ProtectionDomain);
        if (domain == null || domain->IsEnding)
        {
            return ThreadResult.InvalidPd;
        }
        Affinity place = affinity.Within(new Affinity(session->FirstCpu, session->CpuCount), out _);
        ThreadResult result = ThreadObjects.Create(
            server,
            domain,
            place.X,
            priority,
            messageBuffer,
            server->AnnouncerOf(cpu),
            out ThreadRecord* record
        );
        if (result != ThreadResult.Ok)
        {
            return result;
        }
        record->Name.Set(name);
        Capability capability = server->CapabilityTo(record->Handle, cpu);
        if (capability.IsNone)
        {
            ThreadObjects.Destroy(server, record);
            return ThreadResult.OutOfCapabilities;
        }
        thread = new CpuThreadCapability(capability);
        return ThreadResult.Ok;
    }

    public ThreadResult DestroyThread(CpuThreadCapability thread)
    {
        var record = (ThreadRecord*)server->Designated(thread.Capability, ObjectKind.Thread);
        if (record == null || record->Pd != session->Pd)
        {
            return ThreadResult.InvalidThread;
        }
        ThreadObjects.Destroy(server, record);
        return ThreadResult.Ok;
    }

    public ThreadResult AffinitySpace(out Affinity space)
    {
        space = new Affinity(0, session->CpuCount);
        return ThreadResult.Ok;
    }
}
