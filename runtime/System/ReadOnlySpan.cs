using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace System;

/// <summary>A bounded view of memory that is not written through.</summary>
public readonly ref struct ReadOnlySpan<T>
{
    internal readonly ref T _reference;
    private readonly int _length;

    // Safety: the caller vouches that `length` elements of T lie at `pointer` and outlive the span.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe ReadOnlySpan(void* pointer, int length)
    {
        _reference = ref Unsafe.AsRef<T>(pointer);
        _length = length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    /// <summary>All of an array; nothing of none.</summary>
    public ReadOnlySpan(T[]? array)
    {
        this = default;
        if (array != null && array.Length > 0)
        {
            // Taken by `in`, an element needs no check of the array's own type.
            _reference = ref Unsafe.AsRef(in array[0]);
            _length = array.Length;
        }
    }

    /// <summary>A part of an array. The compiler names it for UTF-8 literals too, which it then makes from a pointer.</summary>
    public ReadOnlySpan(T[]? array, int start, int length)
    {
        this = new ReadOnlySpan<T>(array).Slice(start, length);
    }

    public int Length => _length;

    public bool IsEmpty => _length == 0;

    public ref readonly T this[int index]
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
    public ReadOnlySpan<T> Slice(int start)
    {
        if ((uint)start > (uint)_length)
        {
            ThrowHelpers.ThrowIndexOutOfRangeException();
        }
        return new ReadOnlySpan<T>(ref Unsafe.Add(ref _reference, start), _length - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Slice(int start, int length)
    {
        if ((ulong)(uint)start + (uint)length > (uint)_length)
        {
            ThrowHelpers.ThrowIndexOutOfRangeException();
        }
        return new ReadOnlySpan<T>(ref Unsafe.Add(ref _reference, start), length);
    }

    public void CopyTo(Span<T> destination)
    {
        if ((uint)_length > (uint)destination.Length)
        {
            ThrowHelpers.ThrowIndexOutOfRangeException();
        }
        SpanHelpers.Memmove(
            ref Unsafe.As<T, byte>(ref destination._reference),
            ref Unsafe.As<T, byte>(ref _reference),
            (nuint)(uint)_length * (nuint)Unsafe.SizeOf<T>()
        );
    }

    public ref readonly T GetPinnableReference() => ref _reference;

    public ReadOnlySpanEnumerator<T> GetEnumerator() => new(this);

    public static implicit operator ReadOnlySpan<T>(T[]? array) => new(array);
}
