using System.Runtime;
using Skerry.Base.Layout;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.PingServer;

/// <summary>Offers the service "Ping" on its own CPU, for ever, on its callers' time.</summary>
internal static class Program
{
    private const ulong NoEndpoint = 1;
    private const ulong NotAnnounced = 2;
    private const ulong EndpointGone = 3;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment environment)
    {
        if (ServiceEndpoint.Open(in environment, 0, out ServiceEndpoint endpoint) != AllocationResult.Ok)
        {
            return NoEndpoint;
        }
        if (endpoint.Announce(in environment, "Ping"u8) != ParentResult.Ok)
        {
            return NotAnnounced;
        }
        var server = new PingServer();
        endpoint.ServeOnCallers(in environment, ref server);
        return EndpointGone;
    }
}
