using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Base.Sessions;

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
///   40   bytes of the name                              44   bytes of the arguments
///   48   name, 64 bytes
///   112  arguments, 1024 bytes
///   1136 priority of the main thread                    1140  not used
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
    private uint _nameBytes;

    [FieldOffset(44)]
    private uint _argumentBytes;

    [FieldOffset(48)]
    private NameText _name;

    [FieldOffset(112)]
    private ArgumentText _arguments;

    [FieldOffset(1136)]
    public uint Priority;

    [FieldOffset(1144)]
    public ulong MadeAt;

    /// <summary>Cut off at <see cref="MaximumName"/> bytes.</summary>
    public void SetName(ReadOnlySpan<byte> name)
    {
        _nameBytes = (uint)(name.Length < MaximumName ? name.Length : MaximumName);
        name.Slice(0, (int)_nameBytes).CopyTo(MemoryMarshal.CreateSpan(ref _name[0], MaximumName));
    }

    /// <returns>False, and nothing set, if they are longer than <see cref="MaximumArguments"/> bytes.</returns>
    public bool TrySetArguments(ReadOnlySpan<byte> arguments)
    {
        if (arguments.Length > MaximumArguments)
        {
            return false;
        }
        _argumentBytes = (uint)arguments.Length;
        arguments.CopyTo(MemoryMarshal.CreateSpan(ref _arguments[0], MaximumArguments));
        return true;
    }

    /// <summary>The component's name; the block must not move while it is used.</summary>
    public static unsafe ReadOnlySpan<byte> NameOf(StartupBlock* block) =>
        new(Unsafe.AsPointer(ref block->_name), (int)AtMost(block->_nameBytes, MaximumName));

    /// <summary>Its arguments; the block must not move while they are used.</summary>
    public static unsafe ReadOnlySpan<byte> ArgumentsOf(StartupBlock* block) =>
        new(Unsafe.AsPointer(ref block->_arguments), (int)AtMost(block->_argumentBytes, MaximumArguments));

    private static uint AtMost(uint value, uint maximum) => value < maximum ? value : maximum;

    [InlineArray(MaximumName)]
    private struct NameText
    {
        private byte _byte;
    }

    [InlineArray(MaximumArguments)]
    private struct ArgumentText
    {
        private byte _byte;
    }
}
