using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Skerry.Tests.Image.Code;
using Skerry.Tests.Image.Elf;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>The linked programs in out/images, read and decoded once each.</summary>
internal static class ImageFiles
{
    private static readonly string _directory = Repository.Locate().Images;
    private static readonly ConcurrentDictionary<string, ElfFile> _files = new();
    private static readonly ConcurrentDictionary<string, MachineCode> _code = new();

    /// <summary>Code of bootstrap that runs before long mode.</summary>
    private static readonly Dictionary<string, int> _bitness = new()
    {
        ["PvhEntry"] = 32,
        ["CheckArchive"] = 32,
        ["WriteFour"] = 32,
        ["CheckProcessor"] = 32,
        ["NameMissingFeatures"] = 32,
        ["WriteMissingFeatures"] = 32,
        ["WriteText"] = 32,
        ["ProcessorEntry32"] = 32,
        ["Trampoline"] = 16,
    };

    /// <summary>Names of all programs that were linked.</summary>
    public static IReadOnlyList<string> Names =>
        Directory
            .EnumerateFiles(_directory, "*.elf")
            .Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Order()
            .ToArray();

    public static TheoryData<string> All => [.. Names];

    /// <summary>Those that run in rings other than the kernel's.</summary>
    public static TheoryData<string> Components =>
        [.. Names.Where(name => name is not ("kernel" or "kernel-checked" or "boot"))];

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(_directory, name + ".elf"));

    public static ElfFile Elf(string name) => _files.GetOrAdd(name, _ => ElfFile.Read(Bytes(name)));

    public static MachineCode Code(string name) =>
        _code.GetOrAdd(name, _ => MachineCode.Decode(Elf(name), symbol => _bitness.GetValueOrDefault(symbol, 64)));
}
