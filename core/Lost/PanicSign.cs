using System;
using Skerry.Abi.Boot;

namespace Skerry.Core.Lost;

/// <summary>
/// Where a kernel instance writes that it has panicked: the word that keeps its other CPUs from reporting too
/// (KernelPanic.begun). It is the kernel's own state, read from outside: nothing is sent, and nothing can be late.
/// </summary>
public static class PanicSign
{
    /// <summary>Into the statics of KernelPanic; PanicSignTests holds it to the image.</summary>
    public const ulong Offset = 8;

    /// <summary>The statics of KernelPanic, as ilc names them.</summary>
    public static ReadOnlySpan<byte> Symbol => "__NONGCSTATICSSkerry_Kernel_Skerry_Kernel_Panic_KernelPanic"u8;

    /// <summary>Bytes from the start of each copy of the kernel; false if its file does not say.</summary>
    /// <param name="kernel">The linked kernel.</param>
    /// <param name="image">The machine's copies of it.</param>
    /// <param name="offset">To the word.</param>
    public static bool TryLocate(ReadOnlySpan<byte> kernel, PhysicalRange image, out ulong offset)
    {
        bool found = ElfSymbols.TryFind(kernel, Symbol, out ulong statics);
        offset = statics + Offset - KernelLayout.Image;
        return found && offset < image.Length;
    }
}
