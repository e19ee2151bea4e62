using System;
using Skerry.Base.Configuration;
using Skerry.Base.Servers.Components;
using Skerry.Base.Text;

namespace Skerry.Base.Servers;

/// <summary>What a server is called on the console. It is set before the server has children.</summary>
public struct ServerName
{
    private BoundedText<Child.NameBytes> _name;
    private bool _isVcore;

    public static ServerName Core => new() { _name = BoundedText<Child.NameBytes>.Of(CoreName.Text) };

    public static ServerName OfVcore(ReadOnlySpan<byte> name) =>
        new() { _name = BoundedText<Child.NameBytes>.Of(name), _isVcore = true };

    /// <summary>Begins the label of a child's: "core/", or "west/".</summary>
    public readonly void BeginLabel(ref TextBuilder label) => label.Append(_name.Text).Append((byte)'/');

    /// <summary>Begins a line of the server's own: "core: ", or "vcore west: ".</summary>
    public readonly void BeginLine(ref TextBuilder line) =>
        line.Append(_isVcore ? "vcore "u8 : default).Append(_name.Text).Append(": "u8);
}
