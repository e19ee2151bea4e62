namespace Skerry.Base.Kernel;

/// <summary>The answer to a caller that has waited.</summary>
/// <param name="result">What a request came to.</param>
/// <param name="granted">A capability that goes along, and whose slot is free afterwards; the null slot for none.</param>
/// <param name="detail">A second word.</param>
public readonly struct HeldAnswer(ulong result, CapabilitySlot granted, ulong detail)
{
    /// <summary>To a thread that has faulted: it makes its access again. To a caller: the call has failed.</summary>
    public static HeldAnswer Again => default;

    /// <summary>A request is answered, not a fault.</summary>
    public bool HasWords { get; } = true;

    public ulong Result { get; } = result;

    public CapabilitySlot Granted { get; } = granted;

    public ulong Detail { get; } = detail;
}
