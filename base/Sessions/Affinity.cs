namespace Skerry.Base.Sessions;

/// <summary>
/// A run of CPUs in an affinity space. Components never see physical CPU numbers: a location counts from 0 in the space
/// of whoever it is given to, and is scaled into that one's own space. All CPUs of a space lie in one cluster.
/// </summary>
public readonly struct Affinity(uint x, uint width)
{
    /// <summary>The first CPU.</summary>
    public uint X { get; } = x;

    /// <summary>How many; 0 in a request means the whole space.</summary>
    public uint Width { get; } = width;

    /// <summary>The whole of the space it is interpreted in.</summary>
    public static Affinity Whole => default;

    /// <summary>One CPU.</summary>
    public static Affinity Cpu(uint x) => new(x, 1);

    /// <summary>
    /// This location within a space: clipped to it, never empty, with X in the coordinates that the space is given in.
    /// </summary>
    /// <param name="space">The space that this location counts in.</param>
    /// <param name="clipped">Whether part of it lay outside.</param>
    public Affinity Within(Affinity space, out bool clipped)
    {
        uint available = space.Width == 0 ? 1 : space.Width;
        uint first = X < available ? X : available - 1;
        uint rest = available - first;
        uint width = Width == 0 || Width > rest ? rest : Width;
        clipped = X != first || (Width != 0 && Width != width);
        return new Affinity(space.X + first, width);
    }
}
