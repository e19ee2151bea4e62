using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Startup;

/// <summary>
/// What a parent tells its child, on the read-only page at UserLayout.InformationPage. Capabilities lie where
/// <see cref="StartupSlot"/> says.
/// </summary>
/// <remarks>
/// <code>
///   0    magic
///   8    log2 of the slots of the capability table      12   first free slot
///   16   affinity space: first CPU (0)                  20   CPUs
///   24   frequency of the time-stamp counter, Hz
///   32   cluster of the machine                         36   stack bytes of the main thread
///   40   bytes of the name                              44   name, 64 bytes
///   108  bytes of the arguments                         112  arguments, 1024 bytes
///   1136 priority of the main thread                    1140  starts before this one
///   1144 time-stamp counter when the parent began to make the component
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 1152)]
public struct StartupBlock
{
    public const ulong ExpectedMagic = 0x7472_6174_5365_6d53; // "SmeStart"
    public const int MaximumName = 64;
    public const int MaximumArguments = 1024;

    [FieldOffset(0)]
    public ulong Magic;

    [FieldOffset(8)]
    public uint CapTableSizeBits;

    [FieldOffset(12)]
    public uint FirstFreeSlot;

    [FieldOffset(16)]
    public Affinity AffinitySpace;

    [FieldOffset(24)]
    public ulong TscHertz;

    [FieldOffset(32)]
    public uint ClusterId;

    [FieldOffset(36)]
    public uint MainStackBytes;

    [FieldOffset(40)]
    public BoundedText<NameBytes> Name;

    [FieldOffset(108)]
    public BoundedText<ArgumentBytes> Arguments;

    [FieldOffset(1136)]
    public uint Priority;

    /// <summary>How often the component was started again: 0 the first time.</summary>
    [FieldOffset(1140)]
    public uint Restarts;

    [FieldOffset(1144)]
    public ulong MadeAt;

    [InlineArray(MaximumName)]
    public struct NameBytes
    {
        private byte _byte;
    }

    [InlineArray(MaximumArguments)]
    public struct ArgumentBytes
    {
        private byte _byte;
    }
}
