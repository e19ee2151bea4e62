using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace Skerry.Stubs;

/// <summary>
/// Says in MSBuild's form, one line a mistake, what ilc and ld said in their own: with the C# line where there is one, and
/// with the feature of the language that the missing symbol stands for.
/// </summary>
/// <param name="root">The checkout, which images call /skerry.</param>
internal sealed partial class ToolMistakes(string root)
{
    private const string Code = "error SKT100";

    /// <param name="messages">What the tool printed.</param>
    /// <param name="map">ilc's list of what is in the object; empty if it made none.</param>
    /// <returns>Each mistake once; never nothing.</returns>
    public IReadOnlyList<string> Explain(IReadOnlyList<string> messages, IEnumerable<string> map)
    {
        string[] mistakes = messages
            .SelectMany(line => OfLinker(line, map))
            .Concat(OfCompiler(messages))
            .Distinct()
            .ToArray();
        return mistakes.Length != 0 ? mistakes : [$"build : {Code}: {string.Join(" ", messages.Take(3))}"];
    }

    private IEnumerable<string> OfLinker(string line, IEnumerable<string> map)
    {
        if (Undefined().Match(line) is { Success: true } undefined)
        {
            string symbol = undefined.Groups["symbol"].Value;
            yield return $"{Place(undefined, symbol)}: {Code}: {MissingFeature.OfSymbol(symbol)}";
        }
        else if (line.StartsWith("ld: a static", StringComparison.Ordinal))
        {
            string classes = string.Join(", ", map.SelectMany(entry => StaticsOf(entry)).Distinct());
            yield return $"ld : {Code}: {line["ld: ".Length..]}; it is one of {classes} (docs/build.md)";
        }
        else if (line.StartsWith("ld: ", StringComparison.Ordinal) && !InFunction().IsMatch(line))
        {
            yield return $"ld : {Code}: {line["ld: ".Length..]}";
        }
    }

    /// <summary>ilc prints what happened, and within it why, and where in ilc that was, which helps nobody here.</summary>
    private static IEnumerable<string> OfCompiler(IReadOnlyList<string> messages)
    {
        string? error = messages.FirstOrDefault(line => line.StartsWith("Error: ", StringComparison.Ordinal));
        if (error is null)
        {
            yield break;
        }
        string cause =
            messages.Select(line => Cause().Match(line)).LastOrDefault(m => m.Success)?.Groups["why"].Value ?? "";
        string where = Method().Match(error) is { Success: true } method ? method.Groups["method"].Value + ": " : "";
        string told = where.Length != 0 && cause.Length != 0 ? cause : error["Error: ".Length..];
        yield return $"ilc : {Code}: {where}{MissingFeature.OfCompiler(told)}";
    }

    /// <summary>Where the use of a symbol stands, in MSBuild's form.</summary>
    private string Place(Match found, string symbol)
    {
        // The only use of this one is in base, where the mistake is not.
        if (!found.Groups["line"].Success || symbol == MissingFeature.ComponentMain)
        {
            return "ld ";
        }
        string file = found.Groups["file"].Value;
        const string mapped = "/skerry/";
        file = file.StartsWith(mapped, StringComparison.Ordinal)
            ? root.TrimEnd('/') + "/" + file[mapped.Length..]
            : file;
        return $"{file}({found.Groups["line"].Value})";
    }

    private static IEnumerable<string> StaticsOf(string entry) =>
        Statics().Match(entry) is { Success: true } found ? [found.Groups["class"].Value] : [];

    [GeneratedRegex(
        @"^(?:ld: )?(?:[^:]+\.o:)?(?<file>[^:]+):(?:(?<line>\d+)|[^:]*): undefined reference to [`'](?<symbol>[^']+)'"
    )]
    private static partial Regex Undefined();

    [GeneratedRegex(": in function [`']")]
    private static partial Regex InFunction();

    [GeneratedRegex(@"^ *---> (?<kind>[\w.]+Exception): (?<why>.+)$")]
    private static partial Regex Cause();

    [GeneratedRegex(@"Code generation failed for method '(?<method>[^']+)'")]
    private static partial Regex Method();

    /// <summary>Room for references, and constructors that nobody calls: what is left where ilc has computed all is neither.</summary>
    [GeneratedRegex("Name=\"(?:__GCSTATICS(?<class>\\w+?)(?:__PreInitData)?|(?<class>\\w+)___cctor)\"")]
    private static partial Regex Statics();
}
