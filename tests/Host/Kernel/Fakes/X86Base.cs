using System;
using Skerry.Kernel;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Tracing;

namespace System.Runtime.Intrinsics.X86;

/// <summary>The kernel waits for a CPU that is in the kernel too: what comes next would be that one's doing.</summary>
internal sealed class WaitException : Exception;

/// <summary>
/// The kernel pauses where it waits for another CPU. Here that is when the others, which all stand outside of the kernel
/// but for one at most, take their part in a rendezvous.
/// </summary>
internal static unsafe class X86Base
{
    private const uint None = 0;
    private const uint Stop = 1;
    private const uint ChangeTrace = 3;
    private const uint ForgetRoot = 4;

    /// <summary>What another CPU does while one waits for the cluster lock, which it has until then.</summary>
    public static Action? WhileWaiting { get; set; }

    /// <summary>The index of a CPU that is in the middle of something, and so takes no part; -1: none is.</summary>
    public static int InKernel { get; set; } = -1;

    /// <summary>Called before the others take their part, with the index of the one that is asked or let go.</summary>
    public static Action<uint>? Waiting { get; set; }

    /// <summary>And after.</summary>
    public static Action<uint>? Waited { get; set; }

    public static void Reset()
    {
        InKernel = -1;
        Waiting = null;
        Waited = null;
    }

    public static void Pause()
    {
        WhileWaiting?.Invoke();
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* cpu = ClusterCpus.At(i);
            if (cpu->Shared.RendezvousRequest == None && cpu->Shared.RendezvousReached == 0)
            {
                continue;
            }
            if (InKernel == i)
            {
                throw new WaitException();
            }
            Waiting?.Invoke(i);
        }
        TakePart();
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Waited?.Invoke(i);
        }
    }

    private static void TakePart()
    {
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* cpu = ClusterCpus.At(i);
            uint request = cpu->Shared.RendezvousRequest;
            if (request == ChangeTrace)
            {
                TraceControl.Change(cpu);
            }
            if (request == ForgetRoot)
            {
                Rendezvous.DropRoot(cpu);
            }
            cpu->Shared.RendezvousReached = request == Stop ? 1u : 0u;
            if (request != Stop)
            {
                cpu->Shared.RendezvousRequest = None;
            }
        }
    }
}
