using System.Net;
using System.Net.Sockets;

namespace Skerry.Qemu.Machines;

/// <summary>A TCP port of this host for a machine that waits for a debugger.</summary>
public static class FreePort
{
    /// <summary>One that nobody listens on now, of the loopback interface; another program may take it any time.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
