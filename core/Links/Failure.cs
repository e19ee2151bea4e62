using System.Runtime.InteropServices;
using Skerry.Base.Text;

namespace Skerry.Core.Links;

/// <summary>What the system cannot do without has failed: an essential child, or an instance of core.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Failure
{
    /// <summary>Of the child; core's own if that failed.</summary>
    public BoundedText<NameBytes> Name;
}
