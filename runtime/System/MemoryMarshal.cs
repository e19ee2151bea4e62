using System.Runtime.CompilerServices;

namespace System.Runtime.InteropServices;

/// <summary>Typed views of bytes.</summary>
public static class MemoryMarshal
{
    /// <summary>The structure at the start of the bytes; the caller has checked that they suffice.</summary>
    public static ref readonly T AsRef<T>(ReadOnlySpan<byte> span)
        where T : struct
    {
        if (span.Length < Unsafe.SizeOf<T>())
        {
            Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
        }
        return ref Unsafe.As<byte, T>(ref span._reference);
    }

    public static T Read<T>(ReadOnlySpan<byte> span)
        where T : struct => AsRef<T>(span);

    public static ref T GetReference<T>(Span<T> span) => ref span._reference;

    public static ref T GetReference<T>(ReadOnlySpan<T> span) => ref span._reference;

    public static Span<T> CreateSpan<T>(ref T reference, int length) => new(ref reference, length);

    public static ReadOnlySpan<T> CreateReadOnlySpan<T>(ref readonly T reference, int length) =>
        new(ref Unsafe.AsRef(in reference), length);
}
