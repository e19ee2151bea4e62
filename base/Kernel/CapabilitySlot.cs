namespace Skerry.Base.Kernel;

/// <summary>An index into the component's own capability table; 0 names nothing.</summary>
public readonly struct CapabilitySlot(uint value)
{
    public uint Value { get; } = value;

    public static CapabilitySlot Null => default;

    public bool IsNull => Value == 0;

    public CapabilitySlot Next(uint distance = 1) => new(Value + distance);

    public static bool operator ==(CapabilitySlot left, CapabilitySlot right) => left.Value == right.Value;

    public static bool operator !=(CapabilitySlot left, CapabilitySlot right) => left.Value != right.Value;

    public bool Equals(CapabilitySlot other) => Value == other.Value;
}
