using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Abi;
using Skerry.Base.Needs;
using Skerry.Base.RegionMaps;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>What core and vcores need of their stacks.</summary>
public sealed class ServerStackTests
{
    /// <summary>What a server does at the end of a failed check, which a failed check in it ends at once.</summary>
    private static readonly string[] _failure =
    [
        "Skerry_Runtime_Internal_Runtime_CompilerHelpers_ThrowHelpers__Fail",
        "RuntimeFailure",
    ];

    /// <summary>The search for a cycle of maps: the only function that calls itself, a frame for each map.</summary>
    private const string Search = "__Reaches";
    private const int DeepestSearch = RegionMap.MaximumNesting + 1;

    /// <summary>Of the tree of regions, whatever is in it.</summary>
    private const int TreeBytes = 160;

    public static TheoryData<string> Servers => ["core", "vcore"];

    [Theory]
    [MemberData(nameof(Servers))]
    public void NothingElseCallsItself(string name)
    {
        StackBound bound = BoundOf(name);
        foreach (Routine routine in ImageFiles.Code(name).Routines)
        {
            bound.Of(routine.Name);
        }
        FindingAssert.None([.. bound.Findings.Where(finding => finding.Reason.StartsWith("calls itself"))]);
    }

    /// <summary>
    /// Calls through pointers, of the few hooks and of what supplies pages of records, are not followed: half of the stack is
    /// left to them.
    /// </summary>
    [Theory]
    [InlineData("core", "SessionEntrypoint__Run", ServerNeeds.StackPages)]
    [InlineData("core", "Pager__Run", ServerNeeds.StackPages)]
    [InlineData("core", "Keeper__Run", ServerNeeds.KeeperStackPages)]
    [InlineData("vcore", "SessionEntrypoint__Run", ServerNeeds.StackPages)]
    [InlineData("vcore", "Pager__Run", ServerNeeds.StackPages)]
    [InlineData("vcore", "Keeper__Run", ServerNeeds.KeeperStackPages)]
    public void TheStackSuffices(string name, string thread, uint pages)
    {
        StackBound bound = BoundOf(name);
        int bytes = bound.Of(Ending(name, thread)) + DeepestSearch * bound.Of(Ending(name, Search));
        Assert.InRange(bytes, 1, (int)(pages * UserLayout.PageSize / 2));
    }

    [Theory]
    [MemberData(nameof(Servers))]
    public void TheTreeOfRegionsNeedsLittle(string name)
    {
        StackBound bound = BoundOf(name);
        string[] tree = [.. ImageFiles.Code(name).Routines.Select(routine => routine.Name).Where(IsOfTree)];
        Assert.NotEmpty(tree);
        Assert.All(tree, routine => Assert.InRange(bound.Of(routine), 1, TreeBytes));
    }

    private static StackBound BoundOf(string name) =>
        new(ImageFiles.Code(name), new HashSet<string>([.. _failure, Ending(name, Search)]));

    private static bool IsOfTree(string routine) => routine.Contains("_RegionTree__");

    private static string Ending(string image, string end) =>
        ImageFiles
            .Code(image)
            .Routines.Select(routine => routine.Name)
            .Single(name => name.EndsWith(end, StringComparison.Ordinal));
}
