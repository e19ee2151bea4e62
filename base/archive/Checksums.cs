using System;

namespace Skerry.Base.Archive;

/// <summary>
/// The entry of an archive that lists the checksum of every other file in it. A tar's own checksums are of its headers
/// alone; without the list, damage inside a program would show when the program runs, or not at all.
/// </summary>
public static class Checksums
{
    public static ReadOnlySpan<byte> Entry => "checksums"u8;

    /// <param name="archive">Its headers are right (<see cref="TarReader.Check"/>).</param>
    /// <returns>Ok, or the first thing that is wrong. NoList: there is nothing to compare with.</returns>
    public static TarCheck Check(ReadOnlySpan<byte> archive)
    {
        if (!TarReader.TryFind(archive, Entry, out ReadOnlySpan<byte> list))
        {
            return new TarCheck { Status = TarStatus.NoList };
        }
        TarCheck check = CheckList(archive, list);
        return check.Status == TarStatus.Ok ? CheckFiles(archive, list) : check;
    }

    /// <summary>Each line is one, and its file is there.</summary>
    private static TarCheck CheckList(ReadOnlySpan<byte> archive, ReadOnlySpan<byte> list)
    {
        while (!list.IsEmpty)
        {
            if (!ChecksumLine.TryTake(ref list, out ChecksumLine line))
            {
                return new TarCheck { Status = TarStatus.BadList, Name = Entry };
            }
            if (!TarReader.TryFind(archive, line.Name, out _))
            {
                return new TarCheck { Status = TarStatus.NotThere, Name = line.Name };
            }
        }
        return default;
    }

    /// <summary>Each file has a line, and the contents that it says.</summary>
    private static TarCheck CheckFiles(ReadOnlySpan<byte> archive, ReadOnlySpan<byte> list)
    {
        var crc = Crc32.Create();
        int offset = 0;
        while (TarReader.TryTakeFile(archive, ref offset, out TarFile file))
        {
            if (file.Name.SequenceEqual(Entry))
            {
                continue;
            }
            var check = new TarCheck { Name = file.Name, Offset = file.Offset };
            if (!TryFind(list, file.Name, out uint stated))
            {
                check.Status = TarStatus.NotListed;
                return check;
            }
            if (crc.Of(file.Content) != stated)
            {
                check.Status = TarStatus.WrongContents;
                return check;
            }
        }
        return default;
    }

    /// <param name="list">Its lines are right.</param>
    private static bool TryFind(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name, out uint checksum)
    {
        checksum = 0;
        while (ChecksumLine.TryTake(ref list, out ChecksumLine line))
        {
            if (line.Name.SequenceEqual(name))
            {
                checksum = line.Checksum;
                return true;
            }
        }
        return false;
    }
}
