using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Skerry.Tests.Host.Docs;

/// <summary>docs/testing.md tells of each class that starts QEMU, and of each folder of host tests.</summary>
public sealed class TestPageTests
{
    private static readonly string _text = Pages.Read("docs/testing.md");

    [Fact]
    public void EachClassInQemuHasARow() => Assert.Empty(Missing(Classes, name => $"| `{name}` |", _text));

    [Fact]
    public void EachFolderIsNamed() => Assert.Empty(Missing(Folders, name => $"`Host/{name}`", _text));

    [Fact]
    public void WhatIsMissingIsSeen()
    {
        Assert.Equal(["S03CoreTests"], Missing(["S03CoreTests"], name => $"| `{name}` |", "as `S03CoreTests` has it"));
        Assert.NotEmpty(Classes);
        Assert.NotEmpty(Folders);
    }

    private static IEnumerable<string> Classes =>
        Directory
            .EnumerateFiles(Path.Combine(Pages.Root, "tests/Boot"), "S*Tests.cs")
            .Select(path => Path.GetFileNameWithoutExtension(path)!);

    private static IEnumerable<string> Folders =>
        Directory
            .EnumerateDirectories(Path.Combine(Pages.Root, "tests/Host"))
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name is not ("bin" or "obj"));

    private static IEnumerable<string> Missing(IEnumerable<string> names, Func<string, string> form, string text) =>
        names.Where(name => !text.Contains(form(name), StringComparison.Ordinal)).Order();
}
