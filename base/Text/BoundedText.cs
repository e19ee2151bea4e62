using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Base.Text;

/// <summary>
/// A text by value: UTF-8, of no more bytes than its storage has. Its length may be somebody else's word, as in a message:
/// one beyond the storage counts as the storage's.
/// </summary>
/// <typeparam name="TBytes">The storage, an inline array of bytes: who uses the text says how long it may be.</typeparam>
[StructLayout(LayoutKind.Sequential)]
public struct BoundedText<TBytes>
    where TBytes : unmanaged
{
    private uint _length;
    private TBytes _bytes;

    /// <summary>As <see cref="Set"/> leaves it.</summary>
    public static BoundedText<TBytes> Of(ReadOnlySpan<byte> text)
    {
        BoundedText<TBytes> made = default;
        made.Set(text);
        return made;
    }

    /// <summary>Its bytes, as long as the structure stays where it is.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text =>
        MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<TBytes, byte>(ref Unsafe.AsRef(in _bytes)),
            _length < (uint)Unsafe.SizeOf<TBytes>() ? (int)_length : Unsafe.SizeOf<TBytes>()
        );

    /// <summary>What is longer than the storage is cut off, between two characters.</summary>
    public void Set(ReadOnlySpan<byte> text) =>
        _length = (uint)
            Characters.Copy(
                text,
                MemoryMarshal.CreateSpan(ref Unsafe.As<TBytes, byte>(ref _bytes), Unsafe.SizeOf<TBytes>())
            );

    /// <returns>False, and nothing set, if the text is longer than the storage.</returns>
    public bool TrySet(ReadOnlySpan<byte> text)
    {
        bool fits = text.Length <= Unsafe.SizeOf<TBytes>();
        if (fits)
        {
            Set(text);
        }
        return fits;
    }
}
