namespace Skerry.Base.Memory;

/// <summary>An amount of what a component can be given: memory and capabilities.</summary>
public readonly struct Resources(ulong ram, ulong capabilities)
{
    /// <summary>Bytes.</summary>
    public ulong Ram { get; } = ram;

    public ulong Capabilities { get; } = capabilities;

    public static Resources operator +(Resources left, Resources right) =>
        new(left.Ram + right.Ram, left.Capabilities + right.Capabilities);

    public static Resources operator -(Resources left, Resources right) =>
        new(left.Ram - right.Ram, left.Capabilities - right.Capabilities);

    public bool IsZero => Ram == 0 && Capabilities == 0;
}
