namespace Skerry.Abi;

/// <summary>Operations of IrqControl.</summary>
public enum IrqControlOperation : ulong
{
    /// <summary>
    /// word 0: (slot of the destination CapTable, slot); word 1: global system interrupt; word 2: CPU, by index in the
    /// cluster; word 3: <see cref="InterruptFlags"/>. Boot cluster only.
    /// </summary>
    MakeIoApic = 1,

    /// <summary>
    /// word 0: (slot of the destination CapTable, slot); word 2: CPU, by index in the cluster. Out: word 0: message
    /// address, word 1: message data, as the device is to be programmed with.
    /// </summary>
    MakeMsi = 2,
}

/// <summary>Operations of IrqHandler.</summary>
public enum IrqHandlerOperation : ulong
{
    /// <summary>
    /// word 0: slot of a Notification with Signal that belongs to the handler's CPU; its badge is what interrupts signal.
    /// The line is open from now on.
    /// </summary>
    SetNotification = 1,

    /// <summary>The interrupt that was signalled is served: the next one may come, or comes now if it waits.</summary>
    Acknowledge = 2,

    /// <summary>Close the line and forget the notification. Interrupts that come now are not kept.</summary>
    Clear = 3,

    /// <summary>Out: word 0: CPU by index; word 1: vector; word 2: <see cref="IrqState"/>.</summary>
    Query = 4,
}

/// <summary>Where an IrqHandler is between an interrupt and its acknowledgement.</summary>
public enum IrqState : ulong
{
    /// <summary>No notification is set; the line is closed.</summary>
    Closed = 0,

    /// <summary>Waits for an interrupt.</summary>
    Open = 1,

    /// <summary>Signalled and not yet acknowledged.</summary>
    Signalled = 2,

    /// <summary>Signalled, and another one came meanwhile; Acknowledge signals it.</summary>
    Pending = 3,
}
