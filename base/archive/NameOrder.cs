using System;

namespace Skerry.Base.Archive;

/// <summary>
/// Whether names ascend, byte by byte: so the host writes an archive and its list. None is there twice then, and both can
/// be walked side by side.
/// </summary>
internal static class NameOrder
{
    /// <param name="archive">Its headers are right.</param>
    /// <param name="count">Of its files, the list among them.</param>
    /// <returns>Whether all but the list of checksums, which lies anywhere and once, ascend.</returns>
    public static bool OfFiles(ReadOnlySpan<byte> archive, out int count)
    {
        count = 0;
        bool isOrdered = true;
        int lists = 0;
        ReadOnlySpan<byte> last = default;
        int offset = 0;
        for (; TarReader.TryTakeFile(archive, ref offset, out TarFile file); count++)
        {
            if (file.Name.SequenceEqual(Checksums.Entry))
            {
                lists++;
                continue;
            }
            isOrdered &= Compare(last, file.Name) < 0;
            last = file.Name;
        }
        return isOrdered && lists <= 1;
    }

    /// <param name="list">All of it.</param>
    /// <param name="count">Of its lines.</param>
    /// <param name="isOrdered">Becomes false if they do not ascend.</param>
    /// <returns>False: a line is none.</returns>
    public static bool OfLines(ReadOnlySpan<byte> list, out int count, ref bool isOrdered)
    {
        count = 0;
        ReadOnlySpan<byte> last = default;
        for (; !list.IsEmpty; count++)
        {
            if (!ChecksumLine.TryTake(ref list, out ChecksumLine line))
            {
                return false;
            }
            isOrdered &= Compare(last, line.Name) < 0;
            last = line.Name;
        }
        return true;
    }

    /// <returns>Negative if the first stands before the second, 0 if they are the same.</returns>
    public static int Compare(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int i = 0;
        while (i < first.Length && i < second.Length && first[i] == second[i])
        {
            i++;
        }
        return i < first.Length && i < second.Length ? first[i] - second[i] : first.Length - second.Length;
    }
}
