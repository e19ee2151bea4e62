using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Skerry.Qemu.Topologies;

/// <summary>
/// How QEMU arranges the CPUs. A socket never spans two nodes: it holds as many CPUs as divide every node's, so uneven
/// nodes get several small sockets. The CPUs of one L2 cache are the threads of one core.
/// </summary>
public sealed class MachineShape
{
    /// <summary>
    /// With xAPIC: id 255 addresses all CPUs (Intel SDM volume 3, 11.6.1). A CPU with a larger one takes x2APIC.
    /// </summary>
    public const int HighestNarrowApicId = 254;

    private readonly int _coreBits;
    private readonly int _threadBits;

    public MachineShape(IReadOnlyList<TopologyNode> nodes, int threadsPerCore)
    {
        Cpus = nodes.Sum(node => node.Cpus);
        int perSocket = nodes.Where(node => node.Cpus > 0).Aggregate(0, (divisor, node) => Divisor(divisor, node.Cpus));
        Threads = threadsPerCore;
        Cores = perSocket / threadsPerCore;
        Sockets = perSocket == 0 ? 0 : Cpus / perSocket;
        _threadBits = BitsFor(Threads);
        _coreBits = BitsFor(Cores);
    }

    public int Cpus { get; }

    /// <summary>Whether APIC ids of 8 bits do not suffice.</summary>
    public bool NeedsX2Apic => Cpus != 0 && Place(Cpus - 1, 0).ApicId > HighestNarrowApicId;

    public int Sockets { get; }

    /// <summary>Cores of one socket.</summary>
    public int Cores { get; }

    /// <summary>Threads of one core.</summary>
    public int Threads { get; }

    /// <summary>The CPUs in the order of their APIC ids, which is also that of the nodes.</summary>
    public IReadOnlyList<MachineCpu> PlaceCpus(IReadOnlyList<TopologyNode> nodes)
    {
        var cpus = new List<MachineCpu>();
        foreach (TopologyNode node in nodes)
        {
            for (int i = 0; i < node.Cpus; i++)
            {
                cpus.Add(Place(cpus.Count, node.Id));
            }
        }
        return cpus;
    }

    // QEMU gives each level as many bits as its largest number needs, so APIC ids have gaps unless the counts are
    // powers of two.
    private MachineCpu Place(int id, int node)
    {
        int thread = id % Threads;
        int core = id / Threads % Cores;
        int socket = id / (Threads * Cores);
        int apicId = (((socket << _coreBits) | core) << _threadBits) | thread;
        return new MachineCpu(id, apicId, node, socket, core, thread);
    }

    private static int BitsFor(int count) => count <= 1 ? 0 : BitOperations.Log2((uint)count - 1) + 1;

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
