using System.Runtime.CompilerServices;

namespace System;

/// <summary>What <c>foreach</c> goes through a span by.</summary>
public ref struct SpanEnumerator<T>
{
    private readonly Span<T> _span;
    private int _index;

    internal SpanEnumerator(Span<T> span)
    {
        _span = span;
        _index = -1;
    }

    public readonly ref T Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _span[_index];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext() => ++_index < _span.Length;
}
