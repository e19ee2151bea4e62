namespace Skerry.Qemu.Topologies;

/// <summary>One CPU of a topology.</summary>
/// <param name="Id">Its place in the order of APIC ids, from 0; the number that configurations use.</param>
/// <param name="ApicId">What the CPU's own APIC says.</param>
/// <param name="Node">Its NUMA node.</param>
/// <param name="Socket">QEMU's socket-id.</param>
/// <param name="Core">QEMU's core-id within the socket; the threads of a core share an L2 cache.</param>
/// <param name="Thread">QEMU's thread-id within the core.</param>
public sealed record MachineCpu(int Id, int ApicId, int Node, int Socket, int Core, int Thread);
