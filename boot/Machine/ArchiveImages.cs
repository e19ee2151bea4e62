using System;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Archive;
using Skerry.Boot.Clusters;
using Skerry.Boot.Loading;
using Skerry.Boot.Memory;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Machine;

/// <summary>Takes kernel and core out of the boot archive, which is looked at whole. Without both there is nothing to start.</summary>
internal static unsafe class ArchiveImages
{
    public static InstanceInputs Open(PhysicalRange archive, ref WarningList warnings)
    {
        if (archive.Length is 0 or > int.MaxValue)
        {
            Ending.Fail("boot archive"u8, "is missing (initrd)"u8);
        }
        // Safety: the loader put the archive there, below 4 GiB, and nothing writes it from now on.
        var files = new ReadOnlySpan<byte>((void*)archive.Base, (int)archive.Length);
        Require(TarReader.Check(files), archive.Length);
        TarCheck contents = Checksums.Check(files);
        if (contents.Status == TarStatus.NoList)
        {
            warnings.Add(WarningSource.Archive, WarningReason.NoChecksums);
        }
        else
        {
            Require(contents, archive.Length);
        }
        return new InstanceInputs
        {
            Memory = default,
            Kernel = Open(files, "kernel.elf"u8, ImageMark.Kernel, KernelLayout.Image, KernelLayout.LocalApic),
            Core = Open(files, "core.elf"u8, ImageMark.Core, PhysicalMemory.PageSize, UserLayout.UserEnd),
            Archive = WholePages(archive),
            LocalApic = LocalApic.Address,
            TscHertz = Clock.TscHertz,
            ApicTimerHertz = Clock.ApicTimerHertz,
            EntryCodePage = Processor.EnterKernelCode() & ~(PhysicalMemory.PageSize - 1),
            HasHugePages = ProcessorCpuid.HasHugePages,
        };
    }

    private static void Require(in TarCheck check, ulong bytes)
    {
        if (check.Status != TarStatus.Ok)
        {
            Ending.FailArchive(check, bytes);
        }
    }

    private static ElfImage Open(
        ReadOnlySpan<byte> archive,
        ReadOnlySpan<byte> name,
        ulong mark,
        ulong regionStart,
        ulong regionEnd
    )
    {
        if (!TarReader.TryFind(archive, name, out ReadOnlySpan<byte> file))
        {
            Ending.Fail(name, "is not in the boot archive"u8);
        }
        ElfStatus status = ElfImage.Open(file, regionStart, regionEnd, out ElfImage image);
        if (status != ElfStatus.Valid)
        {
            Ending.Fail(name, ElfStatusText.Of(status));
        }
        if (!ImageMark.Begins(image.CodeAtEntry, mark))
        {
            Ending.Fail(name, "is another program: its first instruction lacks the mark"u8);
        }
        return image;
    }

    private static PhysicalRange WholePages(PhysicalRange range)
    {
        ulong start = range.Base & ~(PhysicalMemory.PageSize - 1);
        ulong pages = PhysicalMemory.PagesOf(range.Base + range.Length - start);
        return new PhysicalRange { Base = start, Length = pages * PhysicalMemory.PageSize };
    }
}
