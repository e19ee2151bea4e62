using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Core.Links;

/// <summary>From a message to the method of the handler. A message of a length that its kind does not have is ignored.</summary>
internal static class LinkDispatch
{
    public static void Dispatch<THandler>(
        ref THandler handler,
        uint cluster,
        LinkMessageKind kind,
        ReadOnlySpan<byte> payload
    )
        where THandler : ILinkHandler, allows ref struct
    {
        switch (kind)
        {
            case LinkMessageKind.Log:
                handler.OnLog(cluster, payload);
                break;
            case LinkMessageKind.Failed when TryRead(payload, out Failure failure):
                handler.OnFailed(cluster, in failure);
                break;
            case LinkMessageKind.Statistics when TryRead(payload, out ClusterStatistics statistics):
                handler.OnStatistics(cluster, in statistics);
                break;
            case LinkMessageKind.Channel when TryRead(payload, out ChannelNotice notice):
                handler.OnChannelNotice(cluster, in notice);
                break;
            case LinkMessageKind.Ready:
                handler.OnReady(cluster);
                break;
            case LinkMessageKind.Shutdown:
                handler.OnShutdown(cluster);
                break;
            case LinkMessageKind.Stopped:
                handler.OnStopped(cluster);
                break;
        }
    }

    private static bool TryRead<T>(ReadOnlySpan<byte> payload, out T value)
        where T : unmanaged
    {
        bool fits = payload.Length == Unsafe.SizeOf<T>();
        value = fits ? MemoryMarshal.Read<T>(payload) : default;
        return fits;
    }
}
