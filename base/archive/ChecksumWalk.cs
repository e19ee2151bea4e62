using System;

namespace Skerry.Base.Archive;

/// <summary>
/// Each file has a line and the contents that it says, and each line a file. No name is twice in the archive or the list,
/// whose lines are right.
/// </summary>
internal static class ChecksumWalk
{
    /// <param name="archive">Its headers are right.</param>
    /// <param name="list">Of its checksums.</param>
    /// <param name="isOrdered">Both are: then one walk meets every pair, else the line of each file is looked for.</param>
    /// <param name="check">Says what is wrong, and counts.</param>
    public static void Check(ReadOnlySpan<byte> archive, ReadOnlySpan<byte> list, bool isOrdered, ref TarCheck check)
    {
        var crc = Crc32.Create();
        ReadOnlySpan<byte> rest = list;
        int offset = 0;
        while (Checksums.TryTakeListed(archive, ref offset, out TarFile file))
        {
            TarStatus status = isOrdered
                ? Take(ref rest, file.Name, out ChecksumLine line, ref check.Compared)
                : ChecksumSearch.Find(list, file.Name, out line, ref check.Compared);
            if (status == TarStatus.Ok && crc.Of(file.Content) != line.Checksum)
            {
                status = TarStatus.WrongContents;
            }
            if (status != TarStatus.Ok)
            {
                check.Status = status;
                check.Name = status == TarStatus.NotThere ? line.Name : file.Name;
                check.Offset = file.Offset;
                return;
            }
        }
        if (isOrdered && ChecksumLine.TryTake(ref rest, out ChecksumLine left))
        {
            check.Status = TarStatus.NotThere;
            check.Name = left.Name;
        }
    }

    /// <returns>Ok: the next line is the file's. NotThere: it stands before the file. NotListed: behind it, or nowhere.</returns>
    private static TarStatus Take(
        scoped ref ReadOnlySpan<byte> rest,
        ReadOnlySpan<byte> name,
        out ChecksumLine line,
        scoped ref int compared
    )
    {
        if (!ChecksumLine.TryTake(ref rest, out line))
        {
            return TarStatus.NotListed;
        }
        compared++;
        int order = NameOrder.Compare(line.Name, name);
        return order == 0 ? TarStatus.Ok
            : order < 0 ? TarStatus.NotThere
            : TarStatus.NotListed;
    }
}
