using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Tracing;

namespace System.Runtime.Intrinsics.X86;

/// <summary>
/// The kernel pauses where it waits for another CPU. Here that is when the others, which all stand outside of the kernel,
/// take their part in a rendezvous.
/// </summary>
internal static unsafe class X86Base
{
    private const uint None = 0;
    private const uint Stop = 1;
    private const uint ChangeTrace = 3;

    /// <summary>What another CPU does while one waits for the cluster lock, which it has until then.</summary>
    public static Action? WhileWaiting { get; set; }

    public static void Pause()
    {
        WhileWaiting?.Invoke();
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* cpu = ClusterCpus.At(i);
            uint request = cpu->Shared.RendezvousRequest;
            if (request == ChangeTrace)
            {
                TraceControl.Change(cpu);
            }
            cpu->Shared.RendezvousReached = request == Stop ? 1u : 0u;
            if (request != Stop)
            {
                cpu->Shared.RendezvousRequest = None;
            }
        }
    }
}
