using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Archive;

/// <summary>
/// The folder of the linked programs. All of them go into every boot archive, so what can't, or what never ends when it is
/// read, is an error whoever put it there.
/// </summary>
public static class ImageFolder
{
    public const string Suffix = ".elf";

    /// <param name="folder">One that need not be there.</param>
    /// <returns>Paths of the images, in the order of their names.</returns>
    /// <exception cref="BadInputException">One is no regular file, or has a name that no program can have.</exception>
    public static IReadOnlyList<string> Images(string folder)
    {
        string[] paths = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + Suffix).Order(StringComparer.Ordinal)]
            : [];
        foreach (string path in paths)
        {
            Check(folder, Path.GetFileNameWithoutExtension(path), FileTypes.IsRegular(path));
        }
        return paths;
    }

    private static void Check(string folder, string name, bool isRegular)
    {
        string printable = string.Concat(name.Select(character => char.IsControl(character) ? '?' : character));
        string what = $"{Path.Combine(folder, printable)}{Suffix}";
        if (name.Length is 0 or > ConfigurationLimits.NameBytes)
        {
            throw new BadInputException($"{what}: a program's name has 1 to {ConfigurationLimits.NameBytes} signs");
        }
        if (!name.All(character => NameCharacters.IsAllowed(character)))
        {
            throw new BadInputException($"{what}: a program's name has letters, digits, '-', '_' and '.' alone");
        }
        if (!isRegular)
        {
            throw new BadInputException($"{what} is no regular file");
        }
    }
}
