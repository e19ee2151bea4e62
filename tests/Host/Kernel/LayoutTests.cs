using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Skerry.Kernel.Objects;
using Xunit;
using Cpu = Skerry.Kernel.Cpu;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The kernel's structures whose fields are placed by hand: no two overlap, and each lies where its constant says.</summary>
public sealed class LayoutTests
{
    private const int LineBytes = 64;

    /// <summary>
    /// Two names of one word, told apart by the thread's state; a number and its lowest byte; and counters in the list and by
    /// themselves.
    /// </summary>
    private static readonly HashSet<(string, string)> _unions =
    [
        ("WaitingOn", "AwaitedReply"),
        ("HighestReady", "HighestReadyByte"),
        ("Counters", "FaultsDelivered"),
        ("Counters", "FastMappings"),
    ];

    [Fact]
    public void NoTwoFieldsOverlap()
    {
        Type[] structures =
        [
            .. typeof(Cpu)
                .Assembly.GetTypes()
                .Where(t =>
                    t.IsExplicitLayout && t.Namespace?.StartsWith("Skerry.Kernel", StringComparison.Ordinal) == true
                ),
        ];
        Assert.Contains(typeof(Thread), structures);
        Assert.Contains(typeof(Cpu), structures);
        Assert.Empty(structures.SelectMany(Overlaps));
    }

    /// <summary>A number that is cut off names another CPU.</summary>
    [Fact]
    public void AThreadsHomeTellsAllCpusApart()
    {
        Assert.Equal(typeof(byte), typeof(Thread).GetField(nameof(Thread.Cpu))!.FieldType);
        Assert.InRange(Skerry.Abi.Boot.BootInformation.MaximumCpus, 1, byte.MaxValue + 1);
    }

    [Fact]
    public void NoFieldOfThreadsAndCPUsHasARawOffset()
    {
        foreach (string file in new[] { "kernel/Objects/Thread.cs", "kernel/Cpu.cs", "kernel/Tracing/TraceState.cs" })
        {
            Assert.DoesNotMatch(@"FieldOffset\(\s*[0-9]", SourceText.Read(file));
        }
    }

    [Theory]
    [InlineData("kernel/Layout/ThreadLayout.cs", typeof(Thread), 50)]
    [InlineData("kernel/Layout/CpuLayout.cs", typeof(Cpu), 25)]
    public void EachFieldLiesInTheLineThatItsConstantNames(string file, Type structure, int atLeast)
    {
        string source = SourceText.Read(file);
        Assert.Empty(OutsideTheirLine(source, structure));
        Assert.InRange(_inLine.Count(source), atLeast, int.MaxValue);
    }

    [Fact]
    public void FieldsThatOverlapAreFound() => Assert.NotEmpty(Overlaps(typeof(Overlapping)));

    [Theory]
    [InlineData("private const int ALine = 0; public const int First = ALine + 60;")]
    [InlineData("private const int ALine = 8; public const int First = ALine + 0;")]
    [InlineData("private const int ALine = 0; public const int First = ALine + 64;")]
    public void AFieldThatLeavesItsLineIsFound(string source) =>
        Assert.NotEmpty(OutsideTheirLine(source, typeof(Overlapping)));

    private static readonly Regex _lines = new(@"const int (\w+Line) = (?:Shared \+ )?(\d+|Shared);");
    private static readonly Regex _inLine = new(@"public const int (\w+) = (\w+Line) \+ (\d+);");

    private static IEnumerable<string> OutsideTheirLine(string source, Type structure)
    {
        foreach (Match line in _lines.Matches(source))
        {
            if (int.TryParse(line.Groups[2].Value, out int start) && start % LineBytes != 0)
            {
                yield return $"{line.Groups[1].Value} does not begin a line";
            }
        }
        Dictionary<string, int> sizes = FieldsOf(structure).ToDictionary(f => f.Name, f => f.Size);
        foreach (Match field in _inLine.Matches(source))
        {
            string name = field.Groups[1].Value;
            int offset = int.Parse(field.Groups[3].Value);
            // A field that is longer than a line goes on in the next ones.
            int size = Math.Min(sizes.GetValueOrDefault(name, sizeof(ulong)), LineBytes);
            bool isLong = sizes.GetValueOrDefault(name) > LineBytes;
            if (offset >= LineBytes || (!isLong && offset + size > LineBytes))
            {
                yield return $"{name} leaves {field.Groups[2].Value}";
            }
        }
    }

    private static IEnumerable<string> Overlaps(Type structure)
    {
        var fields = FieldsOf(structure).OrderBy(f => f.Offset).ToList();
        for (int i = 0; i < fields.Count; i++)
        {
            for (int k = i + 1; k < fields.Count && fields[k].Offset < fields[i].Offset + fields[i].Size; k++)
            {
                if (!_unions.Contains((fields[i].Name, fields[k].Name)))
                {
                    yield return $"{structure}: {fields[i].Name} and {fields[k].Name} overlap";
                }
            }
        }
    }

    private static IEnumerable<(string Name, int Offset, int Size)> FieldsOf(Type structure) =>
        structure
            .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(f => (f.Name, f.GetCustomAttribute<FieldOffsetAttribute>()!.Value, SizeOf(f.FieldType)));

    private static int SizeOf(Type type) =>
        type.IsPointer
            ? sizeof(ulong)
            : (int)
                typeof(Unsafe)
                    .GetMethod(nameof(Unsafe.SizeOf))!
                    .MakeGenericMethod(type)
                    .Invoke(null, parameters: null)!;

    [StructLayout(LayoutKind.Explicit)]
    private struct Overlapping
    {
        [FieldOffset(0)]
        public ulong First;

        [FieldOffset(4)]
        public uint Second;
    }
}
