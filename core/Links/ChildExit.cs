using System.Runtime.InteropServices;
using Skerry.Base.Text;

namespace Skerry.Core.Links;

/// <summary>A component has ended.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ChildExit
{
    /// <summary>What it gave to its parent, or the parent's value for one that crashed.</summary>
    public ulong Value;

    /// <summary>1: the system ends when all such have ended.</summary>
    public uint IsEssential;

    /// <summary>1: it did not end by itself.</summary>
    public uint HasCrashed;

    /// <summary>With its vcore's name in front.</summary>
    public BoundedText<NameBytes> Name;
}
