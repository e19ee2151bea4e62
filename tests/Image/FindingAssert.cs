using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>What a check may say of an image.</summary>
internal static class FindingAssert
{
    private const int Shown = 20;

    public static void None(IReadOnlyList<Finding> findings) =>
        Assert.True(findings.Count == 0, $"{findings.Count} findings:\n{string.Join('\n', findings.Take(Shown))}");

    /// <summary>The check fired once, for this reason.</summary>
    public static void Single(string reason, IReadOnlyList<Finding> findings) =>
        Assert.StartsWith(reason, Assert.Single(findings).Reason);
}
