using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Capabilities;

/// <summary>
/// A slot of a capability table. Written under the cluster lock; read by its CPUs without.
/// </summary>
/// <remarks>
/// <code>
///   63                          22 21        10 9     5 4      2 1 0
///  +------------------------------+------------+-------+--------+-+-+
///  |      object address / 64     | generation | type  | rights |R|S|  word
///  +------------------------------+------------+-------+--------+-+-+
///  |  Endpoint, Notification: badge; Untyped: bytes in use;          |
///  |  Frame, PageTable: virtual address; CapTable, Untyped: size     |  data
///  +---------------------------------+-------------------------------+
///  |     previous in the tree        |      next in the tree         |  links
///  +----------------+----------------+---------+---------------------+
///  | depth | binding | address space id (28)   | pages or level (25) |  meta
///  +----------------+--------------------------+---------------------+
/// </code>
/// The object address has bit 47 of a kernel address in bit 63: one arithmetic shift and one mask give the pointer. S says
/// that this is an Endpoint with the right to send, R one with the right to receive, so that the fastpath asks one bit.
/// The generation differs after each change, so that a reader without the lock that finds the same word before and after
/// reading the data has read what belongs together.
/// The derivation tree is the list of all slots in depth-first order: what follows with a greater depth was derived.
/// Links are addresses in the direct map, divided by the slot size.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct Capability
{
    public const int SizeBits = 5;
    public const int TypeShift = 5;
    public const ulong TypeMask = 0x1f;
    public const int RightsShift = 2;
    public const ulong RightsMask = 7;
    public const int GenerationShift = 10;
    public const ulong GenerationMask = 0xfff;
    public const int ObjectShift = 22;

    /// <summary>Set in the word of an Endpoint capability with this right, and in no other.</summary>
    public const ulong EndpointWithSend = 1 << 0;
    public const ulong EndpointWithReceive = 1 << 1;

    /// <summary>The word's bits that name type and rights.</summary>
    public const ulong TypeAndRightsMask = (TypeMask << TypeShift) | (RightsMask << RightsShift);
    public const int MaximumDepth = 255;

    /// <summary>Most pages of a frame: 128 GiB, as far as the links reach too.</summary>
    public const uint MaximumExtent = (1u << 25) - 1;

    private ulong _word;
    private ulong _data;
    private uint _next;
    private uint _previous;
    private ulong _meta;

    public readonly ulong Word => _word;

    public readonly ObjectType Type => TypeOf(_word);

    public readonly byte Rights => (byte)((_word >> RightsShift) & RightsMask);

    public readonly bool IsEmpty => (_word & (TypeMask << TypeShift)) == 0;

    /// <summary>The object's address in the direct map. Of a Frame, use <see cref="PhysicalBase"/>.</summary>
    public readonly void* Object => ObjectOf(_word);

    public static void* ObjectOf(ulong word) => (void*)(((long)word >> (ObjectShift - 6)) & ~0x3fL);

    public static ObjectType TypeOf(ulong word) => (ObjectType)((word >> TypeShift) & TypeMask);

    /// <summary>Physical address of a Frame or Untyped.</summary>
    public readonly ulong PhysicalBase => _word >> ObjectShift << 6;

    public readonly ulong Data => _data;

    public ulong Badge
    {
        readonly get => _data;
        set => _data = value;
    }

    public readonly int Depth => (int)(_meta >> 56);

    /// <summary>Pages of a Frame; level of a mapped PageTable; log2 size of an Untyped or CapTable.</summary>
    public readonly uint Extent => (uint)(_meta & MaximumExtent);

    /// <summary>Where the slot lies if not in a table.</summary>
    public readonly BindingKind Binding => (BindingKind)((_meta >> 53) & 7);

    /// <summary>The number of the address space that a Frame or PageTable was mapped in; 0 for none.</summary>
    public readonly uint MappedInNumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)(_meta >> 25) & 0xfff_ffff;
    }

    /// <summary>The address space that a Frame or PageTable is mapped in; null if none, or if that one is gone.</summary>
    public readonly Objects.AddressSpace* MappedIn
    {
        get { return Memory.AddressSpaces.Find(MappedInNumber); }
    }

    public readonly Capability* Next => Expand(_next);

    public readonly Capability* Previous => Expand(_previous);

    public void SetNext(Capability* slot) => _next = Compress(slot);

    public void SetPrevious(Capability* slot) => _previous = Compress(slot);

    public void SetDepth(int depth) => _meta = (_meta & ~(0xfful << 56)) | ((ulong)(uint)depth << 56);

    public void SetExtent(uint extent) => _meta = (_meta & ~(ulong)MaximumExtent) | extent;

    public void SetBinding(BindingKind kind) => _meta = (_meta & ~(7ul << 53)) | ((ulong)kind << 53);

    /// <summary>Records where a Frame or PageTable is mapped; null forgets it.</summary>
    public void SetMapping(Objects.AddressSpace* space, ulong virtualAddress)
    {
        ulong identifier = space == null ? 0 : space->Identifier;
        _meta = (_meta & ~(0xfff_fffful << 25)) | (identifier << 25);
        _data = virtualAddress;
    }

    /// <summary>As SetMapping, of one that is recorded as mapped nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetFirstMapping(uint identifier, ulong virtualAddress)
    {
        _meta |= (ulong)identifier << 25;
        _data = virtualAddress;
    }

    /// <summary>Fills an empty slot; the word comes last, since it is what readers without the lock trust.</summary>
    public void Write(ObjectType type, byte rights, ulong objectAddress, ulong data, uint extent)
    {
        _data = data;
        _meta = (_meta & (0xfful << 56)) | extent;
        Volatile.Write(ref _word, Compose(type, rights, objectAddress, _word));
    }

    public void WriteRights(byte rights) => Volatile.Write(ref _word, Compose(Type, rights, PhysicalBase, _word));

    public void Clear()
    {
        Volatile.Write(ref _word, Compose(ObjectType.None, 0, 0, _word));
        _data = 0;
        _meta = 0;
        _next = 0;
        _previous = 0;
    }

    /// <summary>Same kind, same object: one is derived from the other.</summary>
    public readonly bool SameObject(Capability* other) =>
        other != null && ((_word ^ other->_word) & (~0ul << ObjectShift | (TypeMask << TypeShift))) == 0;

    private static ulong Compose(ObjectType type, byte rights, ulong objectAddress, ulong old)
    {
        ulong word =
            (objectAddress >> 6 << ObjectShift)
            | ((old + (1ul << GenerationShift)) & (GenerationMask << GenerationShift))
            | ((ulong)type << TypeShift)
            | ((rights & RightsMask) << RightsShift);
        // EndpointRights has Send and Receive in the places of the two marks.
        return type == ObjectType.Endpoint ? word | (rights & (EndpointWithSend | EndpointWithReceive)) : word;
    }

    private static Capability* Expand(uint link) =>
        link == 0 ? null : (Capability*)(KernelLayout.DirectMap + ((ulong)link << SizeBits));

    private static uint Compress(Capability* slot) =>
        slot == null ? 0 : (uint)(((ulong)slot - KernelLayout.DirectMap) >> SizeBits);
}
