using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>
/// A kernel for several threads of the host: one call at a time, as the kernel itself has it. Now and then another thread has
/// its turn behind a call, in the middle of a request, however few processors the host has.
/// </summary>
internal sealed class LockedKernel(LedgerKernel kernel) : IKernelDouble
{
    private const int CallsOfATurn = 8;
    private readonly object _lock = new();
    private int _calls;

    public Status Trap(ref SystemCallFrame frame)
    {
        Status status;
        lock (_lock)
        {
            status = kernel.Trap(ref frame);
        }
        if (Interlocked.Increment(ref _calls) % CallsOfATurn == 0)
        {
            Thread.Yield();
        }
        return status;
    }

    /// <summary>The object that a capability in the server's table designates, as it arrives there.</summary>
    public Capability Unwrapped(CapabilitySlot slot)
    {
        lock (_lock)
        {
            return Capability.OwnObject(kernel.At(LedgerKernel.OwnTable, slot.Value)!.Badge);
        }
    }
}
