using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace System;

/// <summary>A bounded view of memory: the only way this code hands out more than one element.</summary>
public readonly ref struct Span<T>
{
    internal readonly ref T _reference;
    private readonly int _length;

    // Safety: the caller vouches that `length` elements of T lie at `pointer` and outlive the span.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe Span(void* pointer, int length)
    {
        _reference = ref Unsafe.AsRef<T>(pointer);
        _length = length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    /// <summary>All of an array; nothing of none.</summary>
    /// <remarks>
    /// Of an array of references only where the element's type is sealed: docs/writing-a-component.md, "What can't be done".
    /// </remarks>
    public Span(T[]? array)
    {
        this = default;
        if (array != null && array.Length > 0)
        {
            _reference = ref array[0];
            _length = array.Length;
        }
    }

    public int Length => _length;

    public bool IsEmpty => _length == 0;

    public ref T this[int index]
    {
        [Intrinsic]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)_length)
            {
                ThrowHelpers.ThrowIndexOutOfRangeException();
            }
            return ref Unsafe.Add(ref _reference, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int start)
    {
        if ((uint)start > (uint)_length)
        {
            ThrowHelpers.ThrowIndexOutOfRangeException();
        }
        return new Span<T>(ref Unsafe.Add(ref _reference, start), _length - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int start, int length)
    {
        if ((ulong)(uint)start + (uint)length > (uint)_length)
        {
            ThrowHelpers.ThrowIndexOutOfRangeException();
        }
        return new Span<T>(ref Unsafe.Add(ref _reference, start), length);
    }

    public void Clear() =>
        SpanHelpers.ClearWithoutReferences(
            ref Unsafe.As<T, byte>(ref _reference),
            (nuint)(uint)_length * (nuint)Unsafe.SizeOf<T>()
        );

    public void Fill(T value)
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            SpanHelpers.Fill(
                ref Unsafe.As<T, byte>(ref _reference),
                Unsafe.As<T, byte>(ref value),
                (nuint)(uint)_length
            );
            return;
        }
        for (int i = 0; i < _length; i++)
        {
            Unsafe.Add(ref _reference, i) = value;
        }
    }

    public void CopyTo(Span<T> destination) => ((ReadOnlySpan<T>)this).CopyTo(destination);

    public ref T GetPinnableReference() => ref _reference;

    public SpanEnumerator<T> GetEnumerator() => new(this);

    public static implicit operator Span<T>(T[]? array) => new(array);

    public static implicit operator ReadOnlySpan<T>(Span<T> span) => new(ref span._reference, span._length);
}
