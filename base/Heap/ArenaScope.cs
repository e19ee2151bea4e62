using Skerry.Base.Startup;

namespace Skerry.Base.Heap;

/// <summary>
/// What the running thread makes with <c>new</c> from here on is given back at the end of the scope:
/// <c>using ArenaScope scope = ArenaScope.Begin();</c>
/// </summary>
/// <remarks>Scopes of a thread nest, and end in reverse order. Objects must not be kept beyond theirs.</remarks>
public readonly ref struct ArenaScope
{
    private readonly ArenaMark _mark;

    private ArenaScope(ArenaMark mark) => _mark = mark;

    public static ArenaScope Begin() => new(ThreadContext.Current.Arena.Mark);

    public void Dispose() => ComponentHeap.ReleaseTo(_mark);
}
