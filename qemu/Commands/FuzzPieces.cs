using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Machines;

namespace Skerry.Qemu.Commands;

/// <summary>
/// Which pieces of a long run came to their end, in a file of their own for each way of running and each build: what is
/// done need not be done again, and what another build has done does not count.
/// </summary>
internal sealed class FuzzPieces
{
    private readonly string _file;
    private Dictionary<ulong, string> _done;

    public FuzzPieces(Repository repository, FuzzSystem system)
    {
        string build = Convert.ToHexString(Hash(repository))[..12];
        // All that repeats a piece, but for its seed.
        string way = (system with { Seed = 0 }).Replay["skerry fuzz ".Length..].Replace("--", "").Replace(" ", "-");
        string folder = Path.Combine(repository.Output, "fuzz");
        _file = Path.Combine(folder, $"{build}-{way.Replace('/', '_')}.txt");
        _done = Read();
    }

    public bool IsDone(ulong seed) => _done.ContainsKey(seed);

    /// <summary>When it was done, and what it came to.</summary>
    public string Describe(ulong seed) => _done.TryGetValue(seed, out string? line) ? line : $"{seed} not done";

    public void Note(ulong seed, MachineResult result)
    {
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        string seconds = result.Elapsed.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
        string end = result.RecordsOf("fuzz").LastOrDefault(line => line.Word(0) == "end")?.ToString() ?? "";
        // Another run beside this one may have noted some.
        _done = Read();
        _done[seed] = $"{seed.ToString(CultureInfo.InvariantCulture)} done {date} after {seconds} s: {end}";
        OutputFile.Write(_file, string.Concat(_done.OrderBy(piece => piece.Key).Select(piece => piece.Value + "\n")));
    }

    private Dictionary<ulong, string> Read()
    {
        string[] lines = File.Exists(_file) ? File.ReadAllLines(_file) : [];
        return lines.ToDictionary(line => ulong.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture));
    }

    private static byte[] Hash(Repository repository)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string image in new[] { BootArchive.Bootstrap, "kernel", BootArchive.CheckedKernel, "kernelfuzz" })
        {
            hash.AppendData(File.ReadAllBytes(BootArchive.Image(repository.Images, image)));
        }
        return hash.GetHashAndReset();
    }
}
