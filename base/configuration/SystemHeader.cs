using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>
/// The start of a compiled configuration. All numbers are little-endian.
/// <code>
///    0  magic             "SkerryCf"
///    8  version           12  total length in bytes
///   16  timeout seconds   20  flags
///   24  vcores            32  identifiers     (tables: offset, count)
///   40  memory            48  children
///   56  services          64  routes
///   72  channels          80  strings
///   88  children of core  (a range of the children's table)
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
public struct SystemHeader
{
    /// <summary>The bytes "SkerryCf", read as a little-endian word.</summary>
    public const ulong ExpectedMagic = 0x6643_7972_7265_6b53;

    /// <summary>Goes up with every change of a record.</summary>
    public const uint CurrentVersion = 2;

    [FieldOffset(0)]
    public ulong Magic;

    [FieldOffset(8)]
    public uint Version;

    [FieldOffset(12)]
    public uint TotalLength;

    /// <summary>Seconds after which the system ends with a failure; 0 for never.</summary>
    [FieldOffset(16)]
    public uint TimeoutSeconds;

    [FieldOffset(20)]
    public SystemFlags Flags;

    [FieldOffset(24)]
    public TableReference Vcores;

    [FieldOffset(32)]
    public TableReference Identifiers;

    [FieldOffset(40)]
    public TableReference Memory;

    [FieldOffset(48)]
    public TableReference Children;

    [FieldOffset(56)]
    public TableReference Services;

    [FieldOffset(64)]
    public TableReference Routes;

    [FieldOffset(72)]
    public TableReference Channels;

    [FieldOffset(80)]
    public TableReference Strings;

    [FieldOffset(88)]
    public RecordRange CoreChildren;
}
