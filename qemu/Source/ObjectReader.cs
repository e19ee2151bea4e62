using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Skerry.Qemu.Source;

/// <summary>
/// Takes a JSON object apart member by member and records what is missing, of the wrong kind or unknown. Every method
/// gives a usable value even after an error, so that one reading finds all errors of a file.
/// </summary>
public sealed class ObjectReader
{
    private readonly Diagnostics _diagnostics;
    private readonly string _what;
    private readonly List<SourceMember> _members;
    private readonly List<string> _known = ["$schema"];
    private readonly HashSet<string> _refused = [];

    /// <param name="value">The value that must be an object.</param>
    /// <param name="what">What it describes, with article, for messages: "a node".</param>
    /// <param name="diagnostics">Where errors go.</param>
    public ObjectReader(SourceValue value, string what, Diagnostics diagnostics)
    {
        _diagnostics = diagnostics;
        _what = what;
        Position = value.Position;
        _members = value.Members;
        if (value.Kind != SourceKind.Object)
        {
            diagnostics.Error(
                value.Position,
                DiagnosticCode.WrongValue,
                $"{what} must be an object, not {value.Description}"
            );
        }
    }

    public SourcePosition Position { get; }

    public bool Has(string name) => _members.Any(member => member.Name == name);

    /// <summary>
    /// Whether a member is there and its value was taken. What was refused has been recorded, and what stands in for it says
    /// nothing about the file.
    /// </summary>
    public bool Took(string name) => Has(name) && !_refused.Contains(name);

    /// <summary>Place of a member's value, or the object's if it is not there.</summary>
    public SourcePosition PositionOf(string name) =>
        _members.Find(member => member.Name == name)?.Value.Position ?? Position;

    /// <summary>The member's value if it is there, whatever its kind.</summary>
    public SourceValue? Optional(string name)
    {
        _known.Add(name);
        return _members.Find(member => member.Name == name)?.Value;
    }

    public SourceValue? Required(string name)
    {
        SourceValue? value = Optional(name);
        if (value is null)
        {
            _diagnostics.Error(Position, DiagnosticCode.MissingMember, $"{_what} needs \"{name}\"");
        }
        return value;
    }

    public string RequiredText(string name) => Text(Required(name), name, "");

    public string OptionalText(string name, string otherwise) => Text(Optional(name), name, otherwise);

    public bool OptionalFlag(string name, bool otherwise)
    {
        SourceValue? value = OfKind(Optional(name), name, SourceKind.Boolean, "true or false");
        return value?.Boolean ?? otherwise;
    }

    public uint RequiredNumber(string name, uint minimum, uint maximum) =>
        Number(Required(name), name, minimum, maximum, minimum);

    public uint OptionalNumber(string name, uint minimum, uint maximum, uint otherwise) =>
        Number(Optional(name), name, minimum, maximum, otherwise);

    /// <summary>Bytes, written as text with a unit or as a plain number.</summary>
    public ulong RequiredSize(string name) => Size(Required(name), name, 0);

    public ulong OptionalSize(string name, ulong otherwise) => Size(Optional(name), name, otherwise);

    public IReadOnlyList<SourceValue> RequiredList(string name) => List(Required(name), name);

    public IReadOnlyList<SourceValue> OptionalList(string name) => List(Optional(name), name);

    /// <summary>Numbers of a list; entries that are none are reported and left out.</summary>
    public IReadOnlyList<uint> RequiredNumbers(string name, uint maximum) =>
        RequiredList(name)
            .Where(item => OfKind(item, name, SourceKind.Number, "numbers") is not null)
            .Select(item => Number(item, name, 0, maximum, 0))
            .ToArray();

    /// <summary>One of a few words.</summary>
    public T OptionalChoice<T>(string name, T otherwise, IReadOnlyDictionary<string, T> choices)
    {
        SourceValue? value = Optional(name);
        if (value is null)
        {
            return otherwise;
        }
        if (value.Kind == SourceKind.Text && choices.TryGetValue(value.Text, out T? choice))
        {
            return choice;
        }
        string words = string.Join(", ", choices.Keys.Select(key => $"\"{key}\""));
        Refuse(value, name, $"one of {words}", value.Description);
        return otherwise;
    }

    /// <summary>Warns of a member that is checked and then has no effect.</summary>
    /// <param name="name">The member.</param>
    /// <param name="instead">What holds instead.</param>
    public void NotRead(string name, string instead)
    {
        if (Has(name))
        {
            _diagnostics.Warning(PositionOf(name), DiagnosticCode.NotRead, $"\"{name}\" has no effect yet: {instead}");
        }
    }

    /// <summary>Reports the members that nobody asked for: a misspelt name must not be passed over.</summary>
    public void Finish()
    {
        foreach (SourceMember member in _members.Where(member => !_known.Contains(member.Name)))
        {
            _diagnostics.Error(
                member.Position,
                DiagnosticCode.UnknownMember,
                $"{_what} has no \"{member.Name}\"{NearestName.Hint(member.Name, _known)}"
            );
        }
    }

    private string Text(SourceValue? value, string name, string otherwise) =>
        OfKind(value, name, SourceKind.Text, "text")?.Text ?? otherwise;

    private IReadOnlyList<SourceValue> List(SourceValue? value, string name) =>
        OfKind(value, name, SourceKind.List, "a list")?.Items ?? [];

    private uint Number(SourceValue? value, string name, uint minimum, uint maximum, uint otherwise)
    {
        value = OfKind(value, name, SourceKind.Number, $"a number from {minimum} to {maximum}");
        if (value is null)
        {
            return otherwise;
        }
        bool whole = uint.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number);
        if (whole && number >= minimum && number <= maximum)
        {
            return number;
        }
        Refuse(value, name, $"a number from {minimum} to {maximum}", value.Text);
        return otherwise;
    }

    private ulong Size(SourceValue? value, string name, ulong otherwise)
    {
        if (value is null)
        {
            return otherwise;
        }
        bool isSize = ByteSize.TryParse(value.Text, out ulong bytes);
        if (value.Kind is SourceKind.Text or SourceKind.Number && isSize && bytes <= ByteSize.Largest)
        {
            return bytes;
        }
        string limit = isSize ? $"at most {ByteSize.Format(ByteSize.Largest)}" : "such as \"128M\"";
        Refuse(value, name, $"an amount of memory {limit}", value.Description);
        return otherwise;
    }

    private SourceValue? OfKind(SourceValue? value, string name, SourceKind kind, string expected)
    {
        if (value is null || value.Kind == kind)
        {
            return value;
        }
        Refuse(value, name, expected, value.Description);
        return null;
    }

    private void Refuse(SourceValue value, string name, string expected, string given)
    {
        _refused.Add(name);
        _diagnostics.Error(value.Position, DiagnosticCode.WrongValue, $"\"{name}\" must be {expected}, not {given}");
    }
}
