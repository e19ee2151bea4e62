using System;

namespace Skerry.Base.Archive;

/// <summary>
/// The entry of an archive that lists the checksum of every other file in it. A tar's own checksums are of its headers
/// alone; without the list, damage inside a program would show when the program runs, or not at all.
/// </summary>
public static class Checksums
{
    /// <summary>
    /// Files that an archive may have, and lines that its list may have, if either is not in the order of the names: each
    /// is then looked for from the start.
    /// </summary>
    public const int MaximumUnordered = 1024;

    public static ReadOnlySpan<byte> Entry => "checksums"u8;

    /// <param name="archive">Its headers are right (<see cref="TarReader.Check"/>).</param>
    /// <returns>
    /// Ok, or the first thing that is wrong. NoList: there is nothing to compare with, and no name is there twice.
    /// </returns>
    public static TarCheck Check(ReadOnlySpan<byte> archive)
    {
        bool hasList = TarReader.TryFind(archive, Entry, out ReadOnlySpan<byte> list);
        bool isOrdered = NameOrder.OfFiles(archive, out int files);
        if (!NameOrder.OfLines(list, out int lines, ref isOrdered))
        {
            return new TarCheck { Status = TarStatus.BadList, Name = Entry };
        }
        if (!isOrdered && (files > MaximumUnordered || lines > MaximumUnordered))
        {
            return new TarCheck { Status = TarStatus.TooManyUnordered };
        }
        var check = new TarCheck { Compared = files + lines };
        if (!isOrdered)
        {
            ChecksumSearch.RequireNames(archive, list, hasList, ref check);
        }
        if (!hasList && check.Status == TarStatus.Ok)
        {
            check.Status = TarStatus.NoList;
        }
        if (check.Status == TarStatus.Ok)
        {
            ChecksumWalk.Check(archive, list, isOrdered, ref check);
        }
        return check;
    }

    /// <summary>The next file but the list itself.</summary>
    internal static bool TryTakeListed(ReadOnlySpan<byte> archive, scoped ref int offset, out TarFile file)
    {
        bool isThere = TarReader.TryTakeFile(archive, ref offset, out file);
        while (isThere && file.Name.SequenceEqual(Entry))
        {
            isThere = TarReader.TryTakeFile(archive, ref offset, out file);
        }
        return isThere;
    }
}
