using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu.Source;

namespace Skerry.Qemu;

/// <summary>Where things lie in a checkout.</summary>
public sealed class Repository(string root)
{
    private const string Landmark = "qemu/topology-files";

    public string Root { get; } = root;

    public string Topologies => Path.Combine(Root, "qemu", "topology-files");

    public string Configurations => Path.Combine(Root, "qemu", "configs");

    public string Schemas => Path.Combine(Root, "qemu", "schemas");

    public string Output => Path.Combine(Root, "out");

    /// <summary>The linked programs that run on the target.</summary>
    public string Images => Path.Combine(Output, "images");

    public string Logs => Path.Combine(Output, "log");

    /// <summary>The checkout that holds the running program, or else the working directory.</summary>
    /// <exception cref="BadInputException">Neither lies in a checkout.</exception>
    public static Repository Locate() =>
        Above(AppContext.BaseDirectory)
        ?? Above(Directory.GetCurrentDirectory())
        ?? throw new BadInputException($"no directory above this program or the working directory has {Landmark}");

    /// <summary>A file by path, or by name among those of a directory.</summary>
    /// <exception cref="BadInputException">There is neither; the message lists the names.</exception>
    public string Find(string directory, string nameOrFile, string kind)
    {
        string named = Path.Combine(directory, nameOrFile + ".json");
        bool isName = !nameOrFile.Contains('/') && !nameOrFile.Contains('\\');
        if (isName && File.Exists(named))
        {
            return Path.GetRelativePath(Directory.GetCurrentDirectory(), named);
        }
        if (File.Exists(nameOrFile))
        {
            return nameOrFile;
        }
        if (Directory.Exists(nameOrFile))
        {
            throw new BadInputException($"{nameOrFile}: is a folder, and a file with a {kind} is to be read");
        }
        string[] names = [.. NamesIn(directory)];
        string hint = NearestName.Hint(Path.GetFileNameWithoutExtension(nameOrFile), names);
        string other = OtherKind(directory, nameOrFile);
        throw new BadInputException(
            $"there is no {kind} and no file \"{nameOrFile}\"{other}; there are {string.Join(", ", names)}{hint}"
        );
    }

    private static IEnumerable<string> NamesIn(string directory)
    {
        return Directory.EnumerateFiles(directory, "*.json").Select(NameOf).Order();

        static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
    }

    /// <summary>Topologies and configurations are given by two options, which one may mix up.</summary>
    private string OtherKind(string directory, string name)
    {
        if (directory == Topologies)
        {
            return NamesIn(Configurations).Contains(name) ? $" (\"{name}\" is a configuration)" : "";
        }
        return NamesIn(Topologies).Contains(name) ? $" (\"{name}\" is a topology)" : "";
    }

    private static Repository? Above(string directory)
    {
        for (DirectoryInfo? at = new(directory); at is not null; at = at.Parent)
        {
            if (Directory.Exists(Path.Combine(at.FullName, Landmark)))
            {
                return new Repository(at.FullName);
            }
        }
        return null;
    }
}
