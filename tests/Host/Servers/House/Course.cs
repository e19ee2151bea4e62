using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>A run of a protocol: what its steps have been answered so far.</summary>
internal sealed class Course(ServerHouse house)
{
    public ServerHouse House { get; } = house;

    public DataspaceCapability Memory { get; set; }

    public DataspaceCapability Inner { get; set; }

    public RegionMapCapability Map { get; set; }

    public CpuThreadCapability Thread { get; set; }

    public NotificationCapability Signal { get; set; }

    public EndpointCapability Endpoint { get; set; }

    public SessionCapability Session { get; set; }

    public SessionId Id { get; set; }

    public SessionRequest Request { get; set; }

    public ulong Address { get; set; }

    public static ParentClient<ChildTransport> Parent(int child) => new(At(child, StartupSlot.Parent));

    public static PdSessionClient<ChildTransport> Pd(int child) => new(At(child, StartupSlot.Pd));

    public static RegionMapClient<ChildTransport> Space(int child) => new(At(child, StartupSlot.AddressSpace));

    public static CpuSessionClient<ChildTransport> Cpu(int child) => new(At(child, StartupSlot.Cpu));

    public static RmSessionClient<ChildTransport> Rm(int child) => new(At(child, StartupSlot.Rm));

    public static TraceClient<ChildTransport> Trace(int child) => new(At(child, StartupSlot.Trace));

    public static LogSessionClient<ChildTransport> Log(int child) => new(At(child, StartupSlot.Log));

    public static ChildTransport At(int child, Capability capability) => ChildTransport.To(child, capability.Slot);

    private static ChildTransport At(int child, StartupSlot slot) => new(child, (uint)slot);
}
