using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Skerry.Base.Needs;
using Skerry.Core.Lost;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Archive;

/// <summary>The linked programs that a system can name, and what memory each needs to start.</summary>
/// <param name="images">The folder of the images.</param>
/// <exception cref="BadInputException">An image there is none that can be archived.</exception>
public sealed class ProgramCatalog(string images)
{
    public const ulong PageSize = 4096;

    /// <summary>Stack of a component's first thread, in bytes; ComponentLoader's.</summary>
    public const ulong MainStackBytes = 64 * 1024;

    /// <summary>The page with what a component is told at its start, its message buffer, and what its parent knows of it.</summary>
    private const ulong FurtherPages = 2 + ComponentNeeds.RecordPages;

    // ELF64, System V ABI, figures 4-3 and 5-1.
    public const int HeaderSize = 64;
    public const int SegmentsOffset = 32;
    private const int SegmentSizeOffset = 54;
    public const int SegmentCountOffset = 56;
    public const int AddressOffset = 16;
    private const int MemorySizeOffset = 40;
    public const int SegmentSize = 56;
    public const uint Loadable = 1;

    /// <summary>Sorted.</summary>
    public IReadOnlyList<string> Names { get; } =
    [
        .. ImageFolder
            .Images(images)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(BootArchive.IsProgram)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Where a component begins; what takes core's or a vcore's place begins elsewhere. ComponentEntryPoints' name.</summary>
    public const string ComponentMain = "SkerryMain";

    /// <summary>Where a vcore begins: its mark, for core too. ComponentEntryPoints' name.</summary>
    public const string VcoreMain = "VcoreMain";

    /// <param name="name">Of any image.</param>
    public bool IsThere(string name) => File.Exists(BootArchive.Image(images, name));

    /// <summary>Whether a child can run it, or a vcore: by the symbol where that begins.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="symbol"><see cref="ComponentMain"/> or <see cref="VcoreMain"/>.</param>
    public bool Has(string name, string symbol) =>
        ElfSymbols.TryFind(File.ReadAllBytes(BootArchive.Image(images, name)), Encoding.UTF8.GetBytes(symbol), out _);

    /// <summary>Bytes of all images, of which the boot archive is made.</summary>
    public ulong TotalBytes =>
        ImageFolder.Images(images).Aggregate(0UL, (sum, path) => sum + (ulong)new FileInfo(path).Length);

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>
    /// Bytes of quota that are gone before the program's first instruction; what the kernel's objects take comes on top.
    /// Null if the file is no program.
    /// </returns>
    public ulong? MemoryToStart(string name)
    {
        ulong? pages = Loaded(name);
        return pages is null ? null : pages + MainStackBytes + FurtherPages * PageSize;
    }

    /// <param name="name">Of any image, the kernel and core too.</param>
    /// <returns>Bytes of the pages that its segments fill; null if it is not there, or none.</returns>
    public ulong? Loaded(string name)
    {
        string path = BootArchive.Image(images, name);
        ReadOnlySpan<byte> file = File.Exists(path) ? File.ReadAllBytes(path) : [];
        ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2];
        if (file.Length < HeaderSize || !file.StartsWith(magic))
        {
            return null;
        }
        ulong bytes = 0;
        ulong at = BinaryPrimitives.ReadUInt64LittleEndian(file[SegmentsOffset..]);
        ushort size = BinaryPrimitives.ReadUInt16LittleEndian(file[SegmentSizeOffset..]);
        for (int i = BinaryPrimitives.ReadUInt16LittleEndian(file[SegmentCountOffset..]); i > 0; i--, at += size)
        {
            if (size < SegmentSize || at > (ulong)(file.Length - SegmentSize))
            {
                return null;
            }
            bytes += Memory(file[(int)at..]);
        }
        return bytes;
    }

    /// <summary>Of bootstrap's pages.</summary>
    /// <exception cref="BadInputException">It is none: QEMU would find nothing to start, and give another reason.</exception>
    public ulong BootstrapBytes =>
        Loaded(BootArchive.Bootstrap) is { } bytes and not 0
            ? bytes
            : throw new BadInputException(
                $"{BootArchive.Image(images, BootArchive.Bootstrap)} is no program; \"make build\" makes it"
            );

    private static ulong Memory(ReadOnlySpan<byte> segment)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(segment) != Loadable)
        {
            return 0;
        }
        ulong inPage = BinaryPrimitives.ReadUInt64LittleEndian(segment[AddressOffset..]) % PageSize;
        ulong bytes = inPage + BinaryPrimitives.ReadUInt64LittleEndian(segment[MemorySizeOffset..]);
        return (bytes + PageSize - 1) / PageSize * PageSize;
    }
}
