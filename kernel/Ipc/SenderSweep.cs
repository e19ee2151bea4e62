using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Ipc;

/// <summary>
/// Ends the sends of all who wait at an endpoint with a certain badge, in bounded steps, while receivers and new senders
/// come and go in between. Under the cluster lock.
/// </summary>
internal static unsafe class SenderSweep
{
    /// <summary>
    /// Threads that are looked at in one step; and one for each CPU, as many as may have come again behind them in between.
    /// </summary>
    private const uint MostThreads = 32;

    public static bool IsUnderWay(Endpoint* endpoint) => endpoint->Sweep % 2 != 0;

    public static bool IsUnderWay(Endpoint* endpoint, ulong number) => endpoint->Sweep == number;

    /// <returns>Its number, which is odd; when it is finished the endpoint has the next one.</returns>
    public static ulong Begin(Endpoint* endpoint, ulong badge)
    {
        endpoint->SweptBadge = badge;
        endpoint->SweepStarts = true;
        return ++endpoint->Sweep;
    }

    public static void Step(Cpu* cpu, Endpoint* endpoint)
    {
        Cpu* home = ClusterCpus.At(endpoint->Cpu);
        Rendezvous.Hold(cpu, home);
        if (endpoint->SweepStarts)
        {
            endpoint->SweepStarts = false;
            endpoint->SweepNext = endpoint->State == EndpointState.Senders ? endpoint->Head : null;
        }
        for (uint i = 0; i < MostThreads + ClusterCpus.Count && endpoint->SweepNext != null; i++)
        {
            Thread* sender = endpoint->SweepNext;
            endpoint->SweepNext = sender->Next;
            if (sender->SendBadge == endpoint->SweptBadge)
            {
                EndpointQueue.Remove(endpoint, sender);
                Sending.End(home, sender, Status.Cancelled);
            }
        }
        if (endpoint->SweepNext == null)
        {
            endpoint->Sweep++;
        }
        Rendezvous.Release(cpu, home);
    }
}
