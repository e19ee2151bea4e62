namespace Skerry.Base.Kernel;

/// <summary>The answer to a caller that has waited.</summary>
/// <param name="words">How many result words it has: none for a thread that is to make its access again, or one.</param>
/// <param name="result">The word.</param>
/// <param name="granted">A capability that goes along, and whose slot is free afterwards; the null slot for none.</param>
public readonly struct HeldAnswer(int words, ulong result, CapabilitySlot granted)
{
    /// <summary>To a thread that has faulted: it makes its access again.</summary>
    public static HeldAnswer Again => new(0, 0, default);

    public int Words { get; } = words;

    public ulong Result { get; } = result;

    public CapabilitySlot Granted { get; } = granted;
}
