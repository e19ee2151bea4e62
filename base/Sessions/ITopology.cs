using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>The machine as the component's server sees it. All indices count from 0.</summary>
[RpcInterface]
public interface ITopology
{
    TopologyResult Summary(out MachineSummary summary);

    TopologyResult Node(uint index, out NodeInformation node);

    TopologyResult Cpu(uint index, out CpuInformation cpu);

    TopologyResult Cluster(uint index, out ClusterInformation cluster);

    /// <summary>From the SLIT: 10 is local, 255 unreachable.</summary>
    TopologyResult Distance(uint fromNode, uint toNode, out uint distance);
}
