namespace Skerry.Base.Channels;

/// <summary>
/// The two steps that the sleep protocol stands on, as a policy, so that tests can leave one out and see it fail.
/// </summary>
public interface IMemoryOrder
{
    /// <summary>No later load is done before earlier stores are visible (x86 alone reorders these).</summary>
    static abstract void Fence();

    /// <summary>Whether the receiver looks at the bitmap once more after it has said that it sleeps.</summary>
    static abstract bool LooksAgain { get; }
}
