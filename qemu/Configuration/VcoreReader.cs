using System.Collections.Generic;
using System.Linq;
using Skerry.Base.Configuration;
using Skerry.Qemu.Archive;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Configuration;

/// <summary>Reads the vcores of a configuration.</summary>
internal static class VcoreReader
{
    public const ulong PageSize = ProgramCatalog.PageSize;

    private const string DefaultBinary = "vcore";
    private const uint DefaultCapabilities = 1024;
    private const uint LargestCapabilities = ChildReader.LargestCapabilities;

    /// <summary>Above its children, so that its pager answers them at once.</summary>
    private const uint DefaultPriority = 150;

    private const uint LargestIdentifier = 1 << 16;

    private static readonly (string Member, CpuSelection Selection)[] _selections =
    [
        ("clusters", CpuSelection.Clusters),
        ("nodes", CpuSelection.Nodes),
        ("cpus", CpuSelection.Cpus),
    ];

    public static VcoreDescription Read(SourceValue value, Diagnostics diagnostics)
    {
        var reader = new ObjectReader(value, "a vcore", diagnostics);
        string binary = reader.OptionalText("binary", DefaultBinary);
        NameRules.Check(binary, "binary", reader.PositionOf("binary"), diagnostics);
        (CpuSelection selection, IReadOnlyList<uint> identifiers) = Cpus(reader.Required("cpus"), diagnostics);
        IReadOnlyList<SourceValue> memory = reader.RequiredList("memory");
        var vcore = new VcoreDescription
        {
            Name = NameRules.Name(reader, "name", diagnostics),
            Binary = binary,
            BinaryPosition = reader.PositionOf("binary"),
            CpuSelection = selection,
            CpuIdentifiers = identifiers,
            CpusPosition = reader.PositionOf("cpus"),
            Memory = memory.Select(entry => Memory(entry, diagnostics)).ToArray(),
            CapabilityQuota = reader.OptionalNumber("capabilities", 1, LargestCapabilities, DefaultCapabilities),
            Priority = reader.OptionalNumber("priority", 0, ConfigurationLimits.Priority, DefaultPriority),
            Children = ChildReader.Read(reader.OptionalList("children"), ofCore: false, diagnostics),
            Routes = RouteReader.Read(reader.OptionalList("routes"), diagnostics),
            Position = value.Position,
        };
        reader.NotRead("priority", "servers have one of their own");
        reader.Finish();
        if (reader.Took("memory") && memory.Count == 0)
        {
            diagnostics.Error(reader.PositionOf("memory"), DiagnosticCode.BadMemoryClaim, "a vcore needs memory");
        }
        return vcore;
    }

    private static (CpuSelection Selection, IReadOnlyList<uint> Identifiers) Cpus(
        SourceValue? value,
        Diagnostics diagnostics
    )
    {
        if (value is null)
        {
            return (CpuSelection.Clusters, []);
        }
        var reader = new ObjectReader(value, "a vcore's \"cpus\"", diagnostics);
        var given = _selections.Where(entry => reader.Optional(entry.Member) is not null).ToArray();
        if (value.Kind == SourceKind.Object && given.Length != 1)
        {
            diagnostics.Error(
                value.Position,
                DiagnosticCode.WrongValue,
                "\"cpus\" must have one of \"clusters\", \"nodes\" and \"cpus\""
            );
        }
        if (given.Length == 0)
        {
            reader.Finish();
            return (CpuSelection.Clusters, []);
        }
        (string member, CpuSelection selection) = given[0];
        IReadOnlyList<uint> identifiers = reader.RequiredNumbers(member, LargestIdentifier);
        reader.Finish();
        SourcePosition position = reader.PositionOf(member);
        if (!reader.Took(member))
        {
            return (selection, identifiers);
        }
        if (identifiers.Count == 0)
        {
            diagnostics.Error(position, DiagnosticCode.WrongValue, $"\"{member}\" must name at least one");
        }
        foreach (
            uint twice in identifiers.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key)
        )
        {
            diagnostics.Error(position, DiagnosticCode.GivenTwice, $"\"{member}\" names {twice} twice");
        }
        return (selection, identifiers);
    }

    private static MemoryDescription Memory(SourceValue value, Diagnostics diagnostics)
    {
        var reader = new ObjectReader(value, "a memory entry", diagnostics);
        ulong size = reader.RequiredSize("size");
        ulong start = reader.OptionalSize("start", 0);
        SourceValue? node = reader.Optional("node");
        bool isRange = reader.Has("start");
        bool isLocal = node is { Kind: SourceKind.Text, Text: "local" };
        uint number = node is null || isLocal ? 0 : reader.OptionalNumber("node", 0, LargestIdentifier, 0);
        reader.Finish();
        if (isRange == node is not null)
        {
            diagnostics.Error(
                value.Position,
                DiagnosticCode.BadMemoryClaim,
                "a memory entry has either a \"node\" (number or \"local\") or a \"start\""
            );
        }
        if (reader.Took("size") && (size == 0 || size % PageSize != 0))
        {
            diagnostics.Error(
                reader.PositionOf("size"),
                DiagnosticCode.BadMemoryClaim,
                "\"size\" must be whole pages of 4K, at least one"
            );
        }
        if (start % PageSize != 0 || start + size < start)
        {
            diagnostics.Error(
                reader.PositionOf("start"),
                DiagnosticCode.BadMemoryClaim,
                "\"start\" must be page-aligned, and the range must not wrap"
            );
        }
        MemorySelection selection =
            isRange ? MemorySelection.Range
            : isLocal ? MemorySelection.Local
            : MemorySelection.Node;
        return new MemoryDescription(selection, number, start, size, value.Position);
    }
}
