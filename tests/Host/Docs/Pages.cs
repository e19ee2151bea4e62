using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Skerry.Qemu;

namespace Skerry.Tests.Host.Docs;

/// <summary>The pages of the documentation, and what of their Markdown tests look at.</summary>
internal static partial class Pages
{
    private static readonly HashSet<string> _notSources = ["out", ".git", "bin", "obj"];

    public static string Root { get; } = Repository.Locate().Root;

    /// <summary>All Markdown files of the repository, as paths from its root.</summary>
    public static IEnumerable<string> All =>
        FilesBelow(Root)
            .Where(file => file.EndsWith(".md", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(Root, file));

    /// <param name="page">Its path from the root.</param>
    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page));

    /// <summary>Where the links of a page lead, those to web pages left out; nothing in code counts.</summary>
    public static IEnumerable<string> Links(string text) =>
        LinkPattern()
            .Matches(WithoutCode(text))
            .Select(match => match.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>What a link can name behind "#": GitHub makes it of each heading.</summary>
    public static IEnumerable<string> Anchors(string text) =>
        HeadingPattern().Matches(WithoutCodeBlocks(text)).Select(match => Anchor(match.Groups[1].Value));

    /// <summary>Every file that is kept: nothing that a build or git makes.</summary>
    public static IEnumerable<string> FilesBelow(string directory) =>
        Directory
            .EnumerateDirectories(directory)
            .Where(inner => !_notSources.Contains(Path.GetFileName(inner)))
            .SelectMany(FilesBelow)
            .Concat(Directory.EnumerateFiles(directory));

    private static string Anchor(string heading) =>
        NotInAnchors().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static string WithoutCode(string text) => CodeSpan().Replace(WithoutCodeBlocks(text), "");

    /// <summary>Code is fenced, or indented by four behind an empty line.</summary>
    private static string WithoutCodeBlocks(string text)
    {
        var kept = new StringBuilder();
        bool isFenced = false;
        bool mayIndent = true;
        foreach (string line in text.Split('\n'))
        {
            bool isFence = line.StartsWith("```", StringComparison.Ordinal);
            bool isCode = isFenced || isFence || (mayIndent && line.StartsWith("    ", StringComparison.Ordinal));
            isFenced ^= isFence;
            mayIndent = isCode || line.Length == 0;
            kept.Append(isCode ? "" : line).Append('\n');
        }
        return kept.ToString();
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("`[^`\n]+`(?!\\])")]
    private static partial Regex CodeSpan();
}
