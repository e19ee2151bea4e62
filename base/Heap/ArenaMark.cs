namespace Skerry.Base.Heap;

/// <summary>How far an arena was used at some moment.</summary>
public readonly unsafe struct ArenaMark(Chunk* chunk, ulong cursor)
{
    public Chunk* Chunk { get; } = chunk;

    public ulong Cursor { get; } = cursor;
}
