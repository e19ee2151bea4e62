using System.Runtime.InteropServices;
using Skerry.Base.Text;

namespace Skerry.Core.Links;

/// <summary>What one server, core or a vcore's instance, has done in one cluster: a line of the final table.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ServerStatistics
{
    /// <summary>"core", or the vcore's name.</summary>
    public BoundedText<NameBytes> Name;

    /// <summary>Its CPUs in this cluster: the first, by index in the cluster, and how many.</summary>
    public uint FirstCpu;
    public uint CpuCount;

    /// <summary>Components that it has started.</summary>
    public uint Children;
    public uint Reserved;

    /// <summary>Page faults answered out of its own memory on the faulting CPU.</summary>
    public ulong FaultsLocal;

    /// <summary>Page faults answered with its parent's help.</summary>
    public ulong FaultsForwarded;

    /// <summary>Page faults that nothing answered.</summary>
    public ulong FaultsUnresolved;

    /// <summary>4 KiB frames in use that lie in memory of this cluster, and in that of others.</summary>
    public ulong FramesLocal;
    public ulong FramesRemote;
}
