using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.Globalization;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Text;
using Skerry.Abi.Boot;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Archive;

/// <summary>
/// Makes the boot archive: a ustar file of the linked programs and the compiled configuration, which QEMU passes as the
/// initial RAM disk. The same programs and configuration give the same bytes.
/// </summary>
public static class BootArchive
{
    public const string ConfigurationEntry = "system.bin";
    public const string ChecksumsEntry = "checksums";

    /// <summary>QEMU loads this one itself.</summary>
    public const string Bootstrap = "boot";

    /// <summary>Programs that no configuration names and every system needs.</summary>
    public static IReadOnlyList<string> Always { get; } = ["kernel", "core"];

    /// <summary>The kernel that checks itself stands in kernel.elf's place where somebody asks for it.</summary>
    public const string CheckedKernel = "kernel-checked";

    /// <summary>Images that no system boots from the archive.</summary>
    private static readonly string[] _never = [Bootstrap, CheckedKernel];

    /// <summary>Whether an image can be a component's program.</summary>
    public static bool IsProgram(string name) => !_never.Contains(name) && !Always.Contains(name);

    private const UnixFileMode ReadOnly = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <param name="images">Directory of the linked programs.</param>
    /// <param name="system">It has passed <see cref="BootCheck"/>.</param>
    /// <param name="path">Where the archive goes; written whole or not at all.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="BadInputException">The kernel, core or bootstrap is missing or another program, an image is none that can be archived, or the archive cannot be written there.</exception>
    public static long Write(string images, SystemDescription system, string path)
    {
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [ConfigurationEntry] = SystemWriter.Write(system),
        };
        IReadOnlyList<string> all = ImageFolder.Images(images);
        CheckImages(images);
        foreach (string image in all)
        {
            if (!_never.Contains(Path.GetFileNameWithoutExtension(image)))
            {
                entries.Add(Path.GetFileName(image), File.ReadAllBytes(image));
            }
        }
        return OutputFile.Write(path, stream => Write(stream, entries));
    }

    /// <summary>
    /// Writes the list of the entries' checksums, which bootstrap compares, and the entries in their order, each owned by
    /// root, read-only and as old as time itself.
    /// </summary>
    public static void Write(Stream stream, IReadOnlyCollection<KeyValuePair<string, byte[]>> entries)
    {
        using var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true);
        foreach ((string name, byte[] content) in entries.Prepend(Checksums(entries)))
        {
            var entry = new UstarTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = new MemoryStream(content),
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = ReadOnly,
                Uid = 0,
                Gid = 0,
                UserName = "",
                GroupName = "",
            };
            writer.WriteEntry(entry);
        }
    }

    /// <summary>A line for each: CRC-32 (of zip) in eight digits, a space, the name.</summary>
    private static KeyValuePair<string, byte[]> Checksums(IEnumerable<KeyValuePair<string, byte[]>> entries)
    {
        var lines = new StringBuilder();
        foreach ((string name, byte[] content) in entries)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{Crc32.HashToUInt32(content):x8} {name}\n");
        }
        return new(ChecksumsEntry, Encoding.UTF8.GetBytes(lines.ToString()));
    }

    private static void CheckImages(string images)
    {
        string? missing = Always.Append(Bootstrap).FirstOrDefault(name => !Exists(images, name));
        if (missing is not null)
        {
            throw new BadInputException($"{Image(images, missing)} is not there; \"make build\" makes it");
        }
        CheckMark(images, "kernel", ImageMark.Kernel);
        CheckMark(images, "core", ImageMark.Core);
    }

    /// <summary>Bootstrap asks for it, too: the archive may be of another make.</summary>
    private static void CheckMark(string images, string name, ulong mark)
    {
        string path = Image(images, name);
        if (!ImageMark.Begins(ImageEntry.CodeOf(File.ReadAllBytes(path)), mark))
        {
            throw new BadInputException($"{path} is not {name}, but something else; \"make build\" makes it");
        }
    }

    private static bool Exists(string images, string name) => File.Exists(Image(images, name));

    public static string Image(string images, string name) => Path.Combine(images, name + ImageFolder.Suffix);
}
