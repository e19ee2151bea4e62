using System;
using System.Text;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Boot.Topology;
using Xunit;

namespace Skerry.Tests.Host.Boot;

public sealed unsafe class MachineDescriptionTests
{
    [Fact]
    public void CoreFindsTheWholeMachineInIt()
    {
        using var fixture = new InstanceFixture(hasHugePages: true);
        for (uint i = 0; i < 4; i++)
        {
            fixture.Build(i);
        }
        byte[] blob = Write(fixture);
        fixed (byte* start = blob)
        {
            var header = (MachineHeader*)start;
            Assert.Equal(MachineHeader.ExpectedMagic, header->Magic);
            Assert.Equal((2u, 8u, 4u), (header->NodeCount, header->CpuCount, header->ClusterCount));
            Assert.InRange(header->TotalBytes, 1u, (uint)blob.Length);
            var nodes = (MachineNode*)(start + header->NodesOffset);
            Assert.Equal((1u, 4u, 39ul << 20), (nodes[1].ProximityDomain, nodes[1].CpuCount, nodes[1].MemoryBytes));
            var cpus = (MachineCpu*)(start + header->CpusOffset);
            Assert.Equal(
                (5u, 1u, 2u, 1u, 2u),
                (cpus[5].ApicId, cpus[5].Node, cpus[5].Cluster, cpus[5].IndexInCluster, cpus[5].L2Group)
            );
            var clusters = (MachineCluster*)(start + header->ClustersOffset);
            Assert.Equal(fixture.Information(3).KernelImage.Base, clusters[3].KernelImage.Base);
            Assert.Equal(
                (6u, 6u, 2u, 1u),
                (clusters[3].FirstCpu, clusters[3].FirstApicId, clusters[3].CpuCount, clusters[3].MemoryNode)
            );
            Assert.Equal(fixture.Information(3).Inbound.Base, clusters[3].Inbound.Base);
            Assert.Equal(new byte[] { 10, 20, 20, 10 }, blob.AsSpan((int)header->DistancesOffset, 4).ToArray());
            string line = Encoding.ASCII.GetString(blob, (int)header->CommandLineOffset, (int)header->CommandLineBytes);
            Assert.Equal(InstanceFixture.CommandLine, line);
            Assert.Equal(0, blob[header->CommandLineOffset + header->CommandLineBytes]);
        }
    }

    [Fact]
    public void UnusedCpusKeepTheirNumbers()
    {
        using var fixture = new InstanceFixture(hasHugePages: true);
        fixture.Machine.Clusters.Remove(1, ref fixture.Machine.Machine);
        byte[] blob = Write(fixture);
        fixed (byte* start = blob)
        {
            var header = (MachineHeader*)start;
            Assert.Equal((8u, 3u), (header->CpuCount, header->ClusterCount));
            Assert.Equal(2u, ((MachineNode*)(start + header->NodesOffset))[0].CpuCount);
            var cpus = (MachineCpu*)(start + header->CpusOffset);
            Assert.Equal((2u, ParkedCluster.Of(1)), (cpus[2].ApicId, cpus[2].Cluster));
            Assert.Equal((4u, 1u), (cpus[4].ApicId, cpus[4].Cluster));
            Assert.Equal((4u, 4u), (Cluster(1).FirstCpu, Cluster(1).FirstApicId));

            MachineCluster Cluster(int index) => ((MachineCluster*)((byte*)header + header->ClustersOffset))[index];
        }
    }

    private static byte[] Write(InstanceFixture fixture)
    {
        byte[] blob = new byte[fixture.Inputs.MachineBytes];
        fixed (byte* target = blob)
        {
            MachineDescriptionWriter.Write(
                target,
                ref fixture.Machine.Machine,
                ref fixture.Machine.Clusters,
                ref fixture.Machine.Shares,
                Encoding.ASCII.GetBytes(InstanceFixture.CommandLine),
                ClusterMode.L2,
                0x800,
                0x1c00,
                0
            );
        }
        return blob;
    }
}
