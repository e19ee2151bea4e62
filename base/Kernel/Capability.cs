using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>
/// A capability that travels with a message. Its sender names a slot of its own table. Its receiver finds it in a slot
/// of its table, or, if it designates one of the receiver's own objects, as the badge of that object.
/// </summary>
public readonly struct Capability
{
    private readonly ulong _value;
    private readonly CapabilityArrival _arrival;

    private Capability(ulong value, CapabilityArrival arrival)
    {
        _value = value;
        _arrival = arrival;
    }

    /// <summary>No capability.</summary>
    public static Capability None => default;

    /// <summary>Nothing arrived or nothing is sent.</summary>
    public bool IsNone => _arrival == CapabilityArrival.None;

    /// <summary>It designates an object of the receiver's own: look at <see cref="Badge"/>.</summary>
    public bool IsOwnObject => _arrival == CapabilityArrival.Unwrapped;

    /// <summary>The slot that holds it; the null slot if it came as a badge or not at all.</summary>
    public CapabilitySlot Slot => _arrival == CapabilityArrival.Installed ? new((uint)_value) : default;

    /// <summary>The badge of the receiver's own object; 0 if it is none.</summary>
    public ulong Badge => _arrival == CapabilityArrival.Unwrapped ? _value : 0;

    /// <summary>The capability in this slot; <see cref="None"/> for the null slot.</summary>
    public static Capability In(CapabilitySlot slot) =>
        slot.IsNull ? default : new(slot.Value, CapabilityArrival.Installed);

    /// <summary>The receiver's own object with this badge.</summary>
    public static Capability OwnObject(ulong badge) => new(badge, CapabilityArrival.Unwrapped);
}
