using System;

namespace Skerry.Base.Archive;

/// <summary>
/// For archives and lists that are not in the order of their names, as other tools may make them: each name is looked for
/// from the start, so the work grows with the square of their number.
/// </summary>
internal static class ChecksumSearch
{
    /// <summary>No name is there twice, and each line's file is there.</summary>
    /// <param name="archive">Its headers are right.</param>
    /// <param name="list">Its lines are right.</param>
    /// <param name="hasList">Whether there is one.</param>
    /// <param name="check">Says what is wrong, and counts.</param>
    public static void RequireNames(
        ReadOnlySpan<byte> archive,
        ReadOnlySpan<byte> list,
        bool hasList,
        ref TarCheck check
    )
    {
        int offset = 0;
        while (TarReader.TryTakeFile(archive, ref offset, out TarFile file))
        {
            if (IsAhead(archive, file, ref check))
            {
                check.Status = TarStatus.Twice;
                check.Name = file.Name;
                check.Offset = file.Offset;
                return;
            }
        }
        if (hasList)
        {
            RequireLines(archive, list, ref check);
        }
    }

    /// <param name="list">Its lines are right.</param>
    /// <param name="name">Of a file.</param>
    /// <param name="line">The first with that name.</param>
    /// <param name="compared">Counts.</param>
    /// <returns>Ok or NotListed.</returns>
    public static TarStatus Find(
        ReadOnlySpan<byte> list,
        ReadOnlySpan<byte> name,
        out ChecksumLine line,
        scoped ref int compared
    )
    {
        while (ChecksumLine.TryTake(ref list, out line))
        {
            compared++;
            if (line.Name.SequenceEqual(name))
            {
                return TarStatus.Ok;
            }
        }
        return TarStatus.NotListed;
    }

    private static void RequireLines(ReadOnlySpan<byte> archive, ReadOnlySpan<byte> list, ref TarCheck check)
    {
        ReadOnlySpan<byte> rest = list;
        while (ChecksumLine.TryTake(ref rest, out ChecksumLine line))
        {
            if (line.Name.SequenceEqual(Checksums.Entry) || !TarReader.TryFind(archive, line.Name, out _))
            {
                check.Status = TarStatus.NotThere;
                check.Name = line.Name;
                return;
            }
            if (Find(rest, line.Name, out _, ref check.Compared) == TarStatus.Ok)
            {
                check.Status = TarStatus.ListedTwice;
                check.Name = line.Name;
                return;
            }
        }
    }

    /// <summary>Whether a file of the same name lies before this one.</summary>
    private static bool IsAhead(ReadOnlySpan<byte> archive, TarFile file, ref TarCheck check)
    {
        int offset = 0;
        while (TarReader.TryTakeFile(archive, ref offset, out TarFile other) && other.Offset < file.Offset)
        {
            check.Compared++;
            if (other.Name.SequenceEqual(file.Name))
            {
                return true;
            }
        }
        return false;
    }
}
