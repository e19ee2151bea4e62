namespace Skerry.Base.Memory;

/// <summary>What a block of untyped memory is used for.</summary>
public enum BlockState : byte
{
    /// <summary>On the free list of its size.</summary>
    Free = 0,

    /// <summary>Its two halves are blocks of their own.</summary>
    Split = 1,

    /// <summary>Handed out.</summary>
    Allocated = 2,
}
