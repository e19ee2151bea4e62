using System;
using System.Collections.Generic;
using System.Linq;

namespace Skerry.Qemu.Source;

/// <summary>Finds what a person may have meant by a name that is not there.</summary>
public static class NearestName
{
    /// <summary>A name of this many letters may have one mistake, one of twice as many two.</summary>
    private const int LettersForAMistake = 3;

    /// <param name="given">What was written.</param>
    /// <param name="names">What could have been.</param>
    /// <returns>"; did you mean …?" with the nearest name, or nothing if none is near.</returns>
    public static string Hint(string given, IEnumerable<string> names) =>
        Of(given, names) is { } nearest ? $"; did you mean \"{nearest}\"?" : "";

    /// <returns>The nearest name, of equally near ones one with the same first letter; null if none is near.</returns>
    public static string? Of(string given, IEnumerable<string> names)
    {
        if (given.Length == 0)
        {
            return null;
        }
        int allowed = Math.Max(1, given.Length / LettersForAMistake);
        return names
            .Select(name => (Name: name, Distance: Distance(given.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= allowed)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name.StartsWith(given[..1], StringComparison.OrdinalIgnoreCase) ? 0 : 1)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>
    /// How many letters must be put in, left out, replaced or exchanged with their neighbour (Damerau's distance, no
    /// letter edited twice).
    /// </summary>
    private static int Distance(string from, string to)
    {
        int[,] steps = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
        {
            for (int j = 0; j <= to.Length; j++)
            {
                steps[i, j] = i == 0 || j == 0 ? i + j : Next(i, j);
            }
        }
        return steps[from.Length, to.Length];

        int Next(int i, int j)
        {
            int replaced = steps[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
            int least = Math.Min(replaced, Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1);
            bool exchanged = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            return exchanged ? Math.Min(least, steps[i - 2, j - 2] + 1) : least;
        }
    }
}
