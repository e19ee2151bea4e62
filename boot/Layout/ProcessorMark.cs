using System.Runtime.InteropServices;
using Skerry.Abi.Boot;

namespace Skerry.Boot.Layout;

/// <summary>What a CPU that was started says of itself before it can run C#, at the end of its stack in bootstrap.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
public struct ProcessorMark
{
    /// <summary>Keeps the stack below it aligned as calls want it.</summary>
    public const int Bytes = 64;

    // Offsets of the fields.
    public const int ApicIdOffset = 0;
    public const int MissingOffset = sizeof(uint);

    public uint ApicId;

    /// <summary>The needed features that it lacks; none: it goes on.</summary>
    public FeatureWords Missing;
}
