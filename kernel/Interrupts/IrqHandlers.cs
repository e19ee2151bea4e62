using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Operations;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// From the interrupt of a device to a signal, and from its acknowledgement to the next. All but
/// <see cref="Received"/> is called under the cluster lock.
/// </summary>
/// <remarks>
/// <code>
///               SetNotification          interrupt: signal            interrupt
///      Closed -----------------> Open -------------------> Signalled -----------> Pending
///         ^                       ^----- Acknowledge -----'   ^---- Acknowledge: signal ---'
///         '-- Clear, or the notification goes: from all three
/// </code>
/// A level-triggered line is masked from its interrupt to the acknowledgement that leads to Open; edges and messages are
/// not held up, so a second one is kept as Pending.
/// </remarks>
internal static unsafe class IrqHandlers
{
    public static ulong BytesPerCpu => (ulong)sizeof(IrqHandler) * Vectors.DeviceCount;

    /// <summary>At the start: each knows its own place.</summary>
    public static void Initialise(Cpu* cpu)
    {
        for (int i = 0; i < Vectors.DeviceCount; i++)
        {
            cpu->Irqs[i].Cpu = (ushort)cpu->Index;
            cpu->Irqs[i].Vector = (byte)(Vectors.FirstDevice + i);
        }
    }

    /// <summary>
    /// The interrupt, on the handler's CPU, without the cluster lock. One that nobody has (any more) is ended, no more: it
    /// was on its way when its handler was deleted.
    /// </summary>
    public static void Received(Cpu* cpu, int vector)
    {
        cpu->Count(CpuCounter.DeviceInterrupts);
        IrqHandler* handler = cpu->Irqs + (vector - Vectors.FirstDevice);
        if (IsLevelTriggered(handler))
        {
            // Before the end of the interrupt, which would make the I/O APIC send the next at once.
            IoApics.SetMask(handler, masked: true);
            LocalApic.EndOfLevel();
        }
        else
        {
            LocalApic.EndOfInterrupt();
        }
        if (Advance(handler))
        {
            Notifications.SignalHeld(cpu, &handler->Binding);
        }
    }

    /// <summary>Notes an interrupt.</summary>
    /// <returns>Whether it is to be signalled.</returns>
    private static bool Advance(IrqHandler* handler)
    {
        while (true)
        {
            uint state = Volatile.Read(ref handler->State);
            if (state is (uint)IrqState.Closed or (uint)IrqState.Pending)
            {
                return false;
            }
            if (Interlocked.CompareExchange(ref handler->State, state + 1, state) == state)
            {
                return state == (uint)IrqState.Open;
            }
        }
    }

    public static Status SetNotification(Cpu* cpu, IrqHandler* handler, Capability* notification)
    {
        if (Volatile.Read(ref handler->State) != (uint)IrqState.Closed)
        {
            return Status.InvalidState;
        }
        Status status = BindingOwner.Bind(cpu, notification, &handler->Binding, BindingKind.Irq);
        if (status == Status.Ok)
        {
            // In this order: an interrupt finds the handler open only with its notification, and the line opens last.
            Volatile.Write(ref handler->State, (uint)IrqState.Open);
            IoApics.SetMask(handler, masked: false);
        }
        return status;
    }

    public static Status Acknowledge(Cpu* cpu, IrqHandler* handler)
    {
        uint state;
        do
        {
            state = Volatile.Read(ref handler->State);
            if (state is (uint)IrqState.Closed or (uint)IrqState.Open)
            {
                return Status.InvalidState;
            }
        } while (Interlocked.CompareExchange(ref handler->State, state - 1, state) != state);
        if (state == (uint)IrqState.Pending)
        {
            Notifications.SignalHeld(cpu, &handler->Binding);
        }
        else if (IsLevelTriggered(handler))
        {
            IoApics.SetMask(handler, masked: false);
        }
        return Status.Ok;
    }

    public static Status Clear(Cpu* cpu, IrqHandler* handler)
    {
        // Closed and not empty: an interrupted Clear, or the like, has closed it and is not at its end.
        if (Volatile.Read(ref handler->State) == (uint)IrqState.Closed && handler->Binding.IsEmpty)
        {
            return Status.InvalidState;
        }
        return Deletion.Delete(cpu, &handler->Binding) ? Status.Ok : Invocation.Restart;
    }

    /// <summary>Its slot is being emptied: by Clear, by revocation, or because the handler goes.</summary>
    public static void NotificationLost(Cpu* cpu, IrqHandler* handler)
    {
        if (Volatile.Read(ref handler->State) == (uint)IrqState.Closed)
        {
            return;
        }
        IoApics.SetMask(handler, masked: true);
        Volatile.Write(ref handler->State, (uint)IrqState.Closed);
        // Its CPU may be about to signal what it has read: not when the handler is open for another notification.
        Cpu* home = ClusterCpus.At(handler->Cpu);
        if (home != cpu)
        {
            Rendezvous.Flush(cpu, home);
        }
    }

    /// <summary>The last capability is gone: the line is closed, the vector is free.</summary>
    /// <returns>Whether that is so; many may wait at a notification that goes with it.</returns>
    public static bool Destroy(Cpu* cpu, IrqHandler* handler)
    {
        if (!Deletion.DeleteOne(cpu, &handler->Binding))
        {
            return false;
        }
        if (handler->Kind == IrqKind.IoApic)
        {
            IoApics.GiveUp(handler);
        }
        handler->Kind = IrqKind.Free;
        return true;
    }

    private static bool IsLevelTriggered(IrqHandler* handler) => (handler->Flags & (byte)InterruptFlags.Level) != 0;
}
