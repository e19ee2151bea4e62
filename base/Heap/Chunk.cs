using System.Runtime.InteropServices;

namespace Skerry.Base.Heap;

/// <summary>The head of a piece of heap memory. Objects lie behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Chunk
{
    /// <summary>The next in the free list, or the one that the same arena used before.</summary>
    public Chunk* Next;

    /// <summary>Bytes of the whole chunk, this head included.</summary>
    public ulong Bytes;

    public const ulong HeadBytes = 16;

    public static ulong ContentOf(Chunk* chunk) => (ulong)chunk + HeadBytes;

    public static ulong EndOf(Chunk* chunk) => (ulong)chunk + chunk->Bytes;
}
