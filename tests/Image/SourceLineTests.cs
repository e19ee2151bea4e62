using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Skerry.Qemu;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Skerry.Tests.Image.Elf;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>gdb steps through the stubs of an image in the C# that wrote them.</summary>
public sealed class SourceLineTests
{
    private static readonly Repository _repository = Repository.Locate();
    private static readonly ConcurrentDictionary<string, string[]> _sources = new();

    public static TheoryData<string> Images => ["kernel", "kernel-checked", "boot", "core", "kernelbench", "toucher"];

    [Theory]
    [MemberData(nameof(Images))]
    public void EveryInstructionHasTheLineThatWroteIt(string image)
    {
        Routine[] stubs = StubsOf(image);
        FindingAssert.None(SourceLineCheck.Run(stubs, PlacesOf(image, stubs), TextOf));
    }

    [Theory]
    [InlineData("SystemCallEntry", "kernel/Entry/SystemCallStubs.cs")]
    [InlineData("Vector14", "kernel/Entry/PageFaultStubs.cs")]
    [InlineData("SwitchAndResume", "kernel/Entry/EntryHooks.cs", "Traced")]
    [InlineData("KernelEntry", "kernel/Entry/EntryStubs.cs")]
    public void ADoorBeginsInTheKernelsSources(string door, string file, string set = "")
    {
        Routine routine = ImageFiles.Code("kernel")[door + set];
        Assert.Equal(file, PlacesOf("kernel", [routine])[routine.Start].File);
    }

    [Fact]
    public void AnInstructionWithoutALineIsSeen()
    {
        (Routine stub, Dictionary<ulong, SourcePlace> places) = Example();
        places.Remove(stub.Start);
        FindingAssert.Single("no line of source", SourceLineCheck.Run([stub], places, TextOf));
    }

    [Fact]
    public void ALineThatWroteAnotherIsSeen()
    {
        (Routine stub, Dictionary<ulong, SourcePlace> places) = Example();
        places[stub.Start] = places[stub.Start] with { Line = places[stub.Start].Line + 1 };
        FindingAssert.Single("another line of source", SourceLineCheck.Run([stub], places, TextOf));
    }

    [Fact]
    public void ALineThatIsNotThereIsSeen()
    {
        (Routine stub, Dictionary<ulong, SourcePlace> places) = Example();
        places[stub.Start] = new SourcePlace("kernel/Entry/Gone.cs", 1);
        FindingAssert.Single("no such line", SourceLineCheck.Run([stub], places, TextOf));
    }

    private static (Routine Stub, Dictionary<ulong, SourcePlace> Places) Example()
    {
        Routine stub = ImageFiles.Code("kernel")["KernelEntry"];
        return (stub, new Dictionary<ulong, SourcePlace>(PlacesOf("kernel", [stub])));
    }

    /// <summary>The functions that the assembler made, not ilc. What is copied before it runs is no code of the image.</summary>
    private static Routine[] StubsOf(string image)
    {
        string file = Path.Combine(_repository.Output, "objects", image, "stubs.o");
        HashSet<string> names =
        [
            .. ElfFile.Open(file).Symbols.Where(symbol => symbol.IsFunction).Select(symbol => symbol.Name),
        ];
        Routine[] stubs = [.. ImageFiles.Code(image).Routines.Where(routine => routine.Names.Any(names.Contains))];
        Assert.NotEmpty(stubs);
        return stubs;
    }

    private static IReadOnlyDictionary<ulong, SourcePlace> PlacesOf(string image, Routine[] stubs) =>
        SourcePlaces.Of(
            Path.Combine(_repository.Images, image + ".elf"),
            [.. stubs.SelectMany(stub => stub.Instructions).Select(instruction => instruction.IP)]
        );

    private static string? TextOf(SourcePlace place) =>
        _sources
            .GetOrAdd(
                Path.Combine(_repository.Root, place.File),
                file => File.Exists(file) ? File.ReadAllLines(file) : []
            )
            .ElementAtOrDefault(place.Line - 1);
}
