using System.Runtime;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Rpc;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.PingServer;

/// <summary>Offers the service "Ping" on its own CPU, for ever.</summary>
internal static class Program
{
    private const ulong NoEndpoint = 1;
    private const ulong NotAnnounced = 2;
    private const ulong EndpointGone = 3;

    [RuntimeExport("SkerryMain")]
    private static ulong Main(in Environment environment)
    {
        if (environment.Pd.AllocateEndpoint(0, out EndpointCapability endpoint) != AllocationResult.Ok)
        {
            return NoEndpoint;
        }
        CapTableCapability own = CapTableCapability.Own;
        bool offered =
            CapabilitySlots.TryAllocate(out CapabilitySlot root)
            && own.Mint(root, own, endpoint, EndpointRights.Send | EndpointRights.Grant, PingServer.RootBadge) == Status.Ok
            && environment.Parent.Announce("Ping"u8, new RootCapability(Capability.In(root))) == ParentResult.Ok;
        if (!offered)
        {
            return NotAnnounced;
        }
        var server = new PingServer(endpoint);
        Entrypoint.Serve(ref server, endpoint);
        return EndpointGone;
    }
}
