namespace System.Runtime.CompilerServices;

/// <summary>Pointer arithmetic that ilc expands in place; the bodies are never run.</summary>
public static unsafe class Unsafe
{
    [Intrinsic]
    public static extern ref T AsRef<T>(void* source);

    [Intrinsic]
    public static extern ref T AsRef<T>(scoped ref readonly T source);

    [Intrinsic]
    public static extern void* AsPointer<T>(ref readonly T value);

    [Intrinsic]
    public static extern ref TTo As<TFrom, TTo>(ref TFrom source);

    [Intrinsic]
    public static extern ref T Add<T>(ref T source, int elementOffset);

    [Intrinsic]
    public static extern int SizeOf<T>();
}
