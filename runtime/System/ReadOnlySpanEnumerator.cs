using System.Runtime.CompilerServices;

namespace System;

/// <summary>What <c>foreach</c> goes through a span that is not written through by.</summary>
public ref struct ReadOnlySpanEnumerator<T>
{
    private readonly ReadOnlySpan<T> _span;
    private int _index;

    internal ReadOnlySpanEnumerator(ReadOnlySpan<T> span)
    {
        _span = span;
        _index = -1;
    }

    public readonly ref readonly T Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _span[_index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext() => ++_index < _span.Length;
}
