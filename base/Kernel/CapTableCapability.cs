using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>A capability table. The operations work on slots of it; sources may lie in another table.</summary>
public readonly struct CapTableCapability(CapabilitySlot slot) : ITypedCapability<CapTableCapability>
{
    public CapabilitySlot Slot { get; } = slot;

    /// <summary>The component's own table, which by convention lies in its slot 1.</summary>
    public static CapTableCapability Own => new(new CapabilitySlot((uint)InitialSlot.CapTable));

    public Capability Capability => Capability.In(Slot);

    /// <summary>How an operation names the table: the kernel has the own one at hand, without a look-up, as 0.</summary>
    internal uint AsArgument => Slot == Own.Slot ? 0 : Slot.Value;

    public static CapTableCapability FromCapability(Capability capability) => new(capability.Slot);

    public Status Copy(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        CapabilitySlot source,
        EndpointRights rights
    ) => Copy(destination, sourceTable, source, (byte)rights);

    public Status Copy(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        CapabilitySlot source,
        NotificationRights rights
    ) => Copy(destination, sourceTable, source, (byte)rights);

    public Status Copy(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        CapabilitySlot source,
        FrameRights rights
    ) => Copy(destination, sourceTable, source, (byte)rights);

    public Status Copy(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        CapabilitySlot source,
        CpuRights rights
    ) => Copy(destination, sourceTable, source, (byte)rights);

    public Status Copy(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        CapabilitySlot source,
        ObjectRights rights
    ) => Copy(destination, sourceTable, source, (byte)rights);

    /// <summary>A copy of an unbadged endpoint capability that carries a badge.</summary>
    public Status Mint(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        EndpointCapability source,
        EndpointRights rights,
        ulong badge
    ) => Mint(destination, sourceTable, source.Slot, (byte)rights, badge);

    /// <summary>A copy of an unbadged notification capability whose signals set the badge's bits.</summary>
    public Status Mint(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        NotificationCapability source,
        NotificationRights rights,
        ulong badge
    ) => Mint(destination, sourceTable, source.Slot, (byte)rights, badge);

    public Status Move(CapabilitySlot destination, CapTableCapability sourceTable, CapabilitySlot source) =>
        Invocation.Invoke(
            Slot,
            (ulong)CapTableOperation.Move,
            Invocation.Pack(destination, sourceTable.Slot),
            source.Value
        );

    /// <summary>Two slots that both hold a capability change their contents.</summary>
    public Status Swap(CapabilitySlot one, CapTableCapability otherTable, CapabilitySlot other) =>
        Invocation.Invoke(Slot, (ulong)CapTableOperation.Swap, Invocation.Pack(one, otherTable.Slot), other.Value);

    /// <summary>Empty the slot. The object goes with its last capability.</summary>
    public Status Delete(CapabilitySlot slot) => Invocation.Invoke(Slot, (ulong)CapTableOperation.Delete, slot.Value);

    /// <summary>Delete all that was derived from the capability in the slot; it itself stays.</summary>
    public Status Revoke(CapabilitySlot slot) => Invocation.Invoke(Slot, (ulong)CapTableOperation.Revoke, slot.Value);

    private Status Copy(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        CapabilitySlot source,
        byte rights
    ) =>
        Invocation.Invoke(
            Slot,
            (ulong)CapTableOperation.Copy,
            Invocation.Pack(destination.Value, sourceTable.AsArgument),
            Invocation.Pack(source.Value, rights)
        );

    private Status Mint(
        CapabilitySlot destination,
        CapTableCapability sourceTable,
        CapabilitySlot source,
        byte rights,
        ulong badge
    ) =>
        Invocation.Invoke(
            Slot,
            (ulong)CapTableOperation.Mint,
            Invocation.Pack(destination.Value, sourceTable.AsArgument),
            Invocation.Pack(source.Value, rights),
            badge
        );
}
