using System;

namespace Skerry.Boot.Acpi;

/// <summary>
/// Walks the entries of a MADT or SRAT: type (1 byte), length (1 byte, both included), content (ACPI 6.5, 5.2.12, 5.2.16).
/// An entry that is too short to be one or reaches beyond the table ends the walk and is told by <see cref="IsBroken"/>.
/// </summary>
public ref struct EntryReader(ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _body = body;
    private int _next;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Offset in the body of the entry that ended the walk, or of the current one.</summary>
    public int Offset { get; private set; }

    public bool IsBroken { get; private set; }

    public readonly byte Type => Current[0];

    public bool MoveNext()
    {
        Offset = _next;
        if (_next == _body.Length)
        {
            return false;
        }
        if (_body.Length - _next < 2 || _body[_next + 1] < 2 || _body[_next + 1] > _body.Length - _next)
        {
            IsBroken = true;
            return false;
        }
        Current = _body.Slice(_next, _body[_next + 1]);
        _next += Current.Length;
        return true;
    }
}
