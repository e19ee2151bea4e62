using System.Runtime.CompilerServices;

namespace System;

/// <summary>A UTF-16 literal in the image's data. Text that is built at run time is <c>Span&lt;byte&gt;</c>, UTF-8.</summary>
public sealed class String
{
    public readonly int Length;
    private readonly char _firstChar;

    public char this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)Length)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }
            return Unsafe.Add(ref Unsafe.AsRef(in _firstChar), index);
        }
    }
}
