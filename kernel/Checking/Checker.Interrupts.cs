using Skerry.Abi;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Checking;

/// <summary>Handlers of device interrupts.</summary>
internal static unsafe partial class Checker
{
    private static uint irqHandlers;

    private static void CheckIrqHandler(IrqHandler* handler)
    {
        irqHandlers++;
        bool placed = handler->Cpu < ClusterCpus.Count && handler->Kind is IrqKind.IoApic or IrqKind.Message;
        if (!Require(placed, CheckedRule.IrqHandler, handler))
        {
            return;
        }
        IrqHandler* own = ClusterCpus.At(handler->Cpu)->Irqs + (handler->Vector - Vectors.FirstDevice);
        var notification = (Notification*)handler->Binding.Object;
        bool isClosed = handler->State == (uint)IrqState.Closed;
        bool signals = IsGone(&handler->Binding) ? isClosed : notification->Cpu == handler->Cpu && !isClosed;
        bool state = handler->State <= (uint)IrqState.Pending;
        Require(own == handler && signals && state, CheckedRule.IrqHandler, handler);
    }

    /// <summary>Each vector in use has a capability, so none is lost.</summary>
    private static void CheckIrqVectors()
    {
        uint used = 0;
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            for (int vector = 0; vector < Vectors.DeviceCount; vector++)
            {
                used += ClusterCpus.At(i)->Irqs[vector].Kind == IrqKind.Free ? 0u : 1;
            }
        }
        Require(used == irqHandlers, CheckedRule.IrqVectors, root);
        irqHandlers = 0;
    }
}
