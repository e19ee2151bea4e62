namespace System.Runtime;

/// <summary>Functions that compiled code calls by name and every image has its own of.</summary>
public static class RuntimeSymbols
{
    /// <summary>A check in compiled code failed; the argument is a FailureReason.</summary>
    public const string RuntimeFailure = nameof(RuntimeFailure);

    // The helpers behind `new` and behind stores of references, by the names that ilc gives them.
    public const string RhpNewFast = nameof(RhpNewFast);
    public const string RhpNewArrayFast = nameof(RhpNewArrayFast);
    public const string RhpNewPtrArrayFast = nameof(RhpNewPtrArrayFast);
    public const string RhpAssignRef = nameof(RhpAssignRef);
    public const string RhpCheckedAssignRef = nameof(RhpCheckedAssignRef);
}
