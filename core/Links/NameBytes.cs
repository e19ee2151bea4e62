using System.Runtime.CompilerServices;

namespace Skerry.Core.Links;

/// <summary>The storage of a name that travels in a message.</summary>
[InlineArray(Maximum)]
public struct NameBytes
{
    public const int Maximum = 60;

    private byte _byte;
}
