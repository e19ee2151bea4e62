using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Abi;

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
///  |  Endpoint: badge; Notification: bits; Untyped: two marks;       |
///  |  Frame, PageTable: window; others: their own business           |  data
///  +---------------------------------+-------------------------------+
///  |       previous in the tree      |       next in the tree        |  links
///  +--+-+-+---------+----------------+---------------+---------------+
///  |0|L|F| binding  |  pages, level or share (25)    |  last child   |  meta, link
///  +-+-+-+----------+--------------------------------+---------------+
///  Data of a Frame or PageTable:
///   63       54 53                          19 18                   0
///  +-----------+------------------------------+----------------------+
///  |  progress |   virtual address / 4096     |   address space id   |
///  +-----------+------------------------------+----------------------+
///  Data of an Untyped (UntypedMemory):
///   63                             32 31                            0
///  +---------------------------------+-------------------------------+
///  |    zero up to here, bytes / 64  |      bytes in use / 64        |
///  +---------------------------------+-------------------------------+
/// </code>
/// The object address has bit 47 of a kernel address in bit 63: one arithmetic shift and one mask give the pointer. S says
/// that this is an Endpoint with the right to send, R one with the right to receive, so that the fastpath asks one bit.
/// The generation differs after each change, so that a reader without the lock that finds the same word before and after
/// reading the data has read what belongs together.
/// F and L say that the slot is the first, or the last, of its parent's children (DerivationTree). Links are distances from
/// the cluster's first byte of memory (OwnedMemory), divided by the slot size.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal unsafe struct Capability
{
    public const int SizeBits = 5;
    public const int TypeShift = 5;
    private const ulong TypeMask = 0x1f;

    /// <summary>Where the word has the type.</summary>
    public const ulong TypeField = TypeMask << TypeShift;
    public const int RightsShift = 2;
    public const ulong RightsMask = 7;
    public const int GenerationShift = 10;
    public const ulong GenerationMask = 0xfff;
    public const int ObjectShift = 22;

    /// <summary>Set in the word of an Endpoint capability with this right, and in no other.</summary>
    public const ulong EndpointWithSend = 1 << 0;
    public const ulong EndpointWithReceive = 1 << 1;

    private const ulong GenerationField = GenerationMask << GenerationShift;

    /// <summary>The type of a slot whose capability is being deleted in steps; its rights say what is left to do.</summary>
    public const ObjectType Dying = (ObjectType)31;

    /// <summary>Most pages of a frame: 128 GiB, as far as the links reach too (KernelLayout.LongestOwned).</summary>
    public const uint MaximumExtent = (1u << 25) - 1;

    private const int BindingShift = 25;
    private const uint BindingMask = 15;
    private const uint FirstFlag = 1u << 29;
    private const uint LastFlag = 1u << 30;
    private const uint TreeFlags = FirstFlag | LastFlag;
    private const int AddressSpaceBits = Memory.AddressSpaces.IdentifierBits;
    private const int AddressBits = 35;
    private const int ProgressShift = AddressSpaceBits + AddressBits;
    private const int PageBits = 12;

    /// <summary>Highest <see cref="UnmapProgress"/> that there is room for.</summary>
    public const uint MostProgress = (1u << (64 - ProgressShift)) - 1;

    private ulong _word;
    private ulong _data;

    /// <summary>Links of the derivation tree, which alone changes them.</summary>
    public uint NextLink;
    public uint PreviousLink;
    public uint ChildLink;
    private uint _meta;

    public readonly ulong Word
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _word;
    }

    /// <summary>For readers without the lock, who read the word before and after the data (SlotSnapshot).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadWord() => Volatile.Read(ref _word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadData() => Volatile.Read(ref _data);

    public readonly ObjectType Type
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TypeOf(_word);
    }

    public readonly byte Rights
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (byte)((_word >> RightsShift) & RightsMask);
    }

    public readonly bool IsEmpty
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_word & TypeField) == 0;
    }

    /// <summary>The object's address in the direct map. Of a Frame, use <see cref="PhysicalBase"/>.</summary>
    public readonly void* Object
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ObjectOf(_word);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void* ObjectOf(ulong word) => (void*)(((long)word >> (ObjectShift - 6)) & ~0x3fL);

    public static ObjectType TypeOf(ulong word) => (ObjectType)((word >> TypeShift) & TypeMask);

    /// <summary>Physical address of a Frame or Untyped.</summary>
    public readonly ulong PhysicalBase
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _word >> ObjectShift << 6;
    }

    public ulong Data
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => _data;
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set => _data = value;
    }

    /// <summary>Of an Endpoint.</summary>
    public readonly ulong Badge
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _data;
    }

    /// <summary>What a Signal by this Notification sets: its badge, or the lowest bit if it has none.</summary>
    public readonly ulong Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _data;
    }

    /// <summary>The <see cref="Bits"/> of a Notification without a badge.</summary>
    public const ulong UnbadgedBits = 1;

    /// <summary>The <see cref="Extent"/> of a Notification with a badge; of one without it is 0.</summary>
    public const uint BadgedExtent = 1;

    /// <summary>
    /// Pages of a Frame; level of a mapped PageTable; log2 size of an Untyped or CapTable; of a SchedControl the share that
    /// it has handed out (Scheduling/SchedulingControls); whether a Notification has a badge.
    /// </summary>
    public readonly uint Extent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _meta & MaximumExtent;
    }

    /// <summary>Where the slot lies if not in a table.</summary>
    public readonly BindingKind Binding
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (BindingKind)((_meta >> BindingShift) & BindingMask);
    }

    /// <summary>The address space that a Frame or PageTable is mapped in; null if none, or if that one is gone.</summary>
    public readonly Objects.AddressSpace* MappedIn =>
        Memory.AddressSpaces.Find((uint)_data & ((1u << AddressSpaceBits) - 1));

    /// <summary>The virtual address at which a Frame or PageTable is mapped, or was last.</summary>
    public readonly ulong WindowAddress => (_data >> AddressSpaceBits & ((1ul << AddressBits) - 1)) << PageBits;

    /// <summary>How far an unmapping in steps has come, up to <see cref="MostProgress"/>; what it counts is the unmapping's business.</summary>
    public uint UnmapProgress
    {
        readonly get => (uint)(_data >> ProgressShift);
        set => _data = (_data & ((1ul << ProgressShift) - 1)) | ((ulong)value << ProgressShift);
    }

    /// <summary>What is left to do for a slot that is <see cref="Dying"/>.</summary>
    public readonly Remains Remains => (Remains)Rights;

    public readonly bool IsFirst
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_meta & FirstFlag) != 0;
    }

    public readonly bool IsLast
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_meta & LastFlag) != 0;
    }

    /// <summary>The parent has no other child.</summary>
    public readonly bool IsOnly
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_meta & TreeFlags) == TreeFlags;
    }

    /// <summary>The next of its parent's children; of the last, the first.</summary>
    public readonly Capability* Next => At(NextLink);

    /// <summary>The previous of its parent's children; of the first, the parent.</summary>
    public readonly Capability* Previous => At(PreviousLink);

    /// <summary>The newest of what was derived from it, or null.</summary>
    public readonly Capability* LastChild => ChildLink == 0 ? null : At(ChildLink);

    public void MarkOnly() => _meta |= TreeFlags;

    public void MarkFirst(bool isFirst) => _meta = isFirst ? _meta | FirstFlag : _meta & ~FirstFlag;

    public void MarkLast(bool isLast) => _meta = isLast ? _meta | LastFlag : _meta & ~LastFlag;

    /// <summary>Takes over the other's place in the tree.</summary>
    public void TakePlace(Capability* other)
    {
        NextLink = other->NextLink;
        PreviousLink = other->PreviousLink;
        ChildLink = other->ChildLink;
        _meta = (_meta & ~TreeFlags) | (other->_meta & TreeFlags);
    }

    public void SetExtent(uint extent) => _meta = (_meta & ~MaximumExtent) | extent;

    public void SetBinding(BindingKind kind) =>
        _meta = (_meta & ~(BindingMask << BindingShift)) | ((uint)kind << BindingShift);

    /// <summary>Records where a Frame or PageTable is mapped; null forgets it.</summary>
    public void SetMapping(Objects.AddressSpace* space, ulong virtualAddress) =>
        _data = space == null ? 0 : MappingOf(space->Identifier, virtualAddress);

    /// <summary>The data of a Frame or PageTable that is mapped there and is not being unmapped; never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MappingOf(uint addressSpace, ulong virtualAddress) =>
        (virtualAddress << (AddressSpaceBits - PageBits)) | addressSpace;

    /// <summary>Fills an empty slot; the word comes last, since it is what readers without the lock trust.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ObjectType type, byte rights, ulong objectAddress, ulong data, uint extent)
    {
        _data = data;
        _meta = (_meta & TreeFlags) | extent;
        Volatile.Write(ref _word, Compose(type, rights, objectAddress, _word));
    }

    /// <summary>Fills an empty slot with a copy that has at most these rights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteCopy(Capability* source, byte rights, ulong data)
    {
        _data = data;
        _meta = source->_meta & MaximumExtent;
        // The two marks say the same as two of the rights, and no other type has them.
        ulong taken = ~(ulong)rights & RightsMask;
        ulong kept = ~((taken << RightsShift) | (taken & (EndpointWithSend | EndpointWithReceive)));
        Volatile.Write(ref _word, (source->_word & kept & ~GenerationField) | NextGeneration(_word));
    }

    /// <summary>A capability of the other's kind, to its object; taken out of the tree, with the place that it had forgotten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Retarget(Capability* other, ulong data)
    {
        _data = data;
        _meta &= ~TreeFlags;
        Volatile.Write(ref _word, (other->_word & ~GenerationField) | NextGeneration(_word));
    }

    /// <summary>Takes the capability away from readers without the lock, before it changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Hide() => Volatile.Write(ref _word, NextGeneration(_word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear()
    {
        Hide();
        _data = 0;
        _meta = 0;
        NextLink = 0;
        PreviousLink = 0;
        ChildLink = 0;
    }

    /// <summary>Nobody can use the capability any more; it stays in the tree until what remains is done.</summary>
    public void BeginDying(Remains remains) =>
        Volatile.Write(ref _word, Compose(Dying, (byte)remains, PhysicalBase, _word));

    /// <summary>Same kind, same object: one is derived from the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool SameObject(Capability* other) =>
        ((_word ^ other->_word) & (~0ul << ObjectShift | TypeField)) == 0;

    private static ulong NextGeneration(ulong word) => (word + (1ul << GenerationShift)) & GenerationField;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Compose(ObjectType type, byte rights, ulong objectAddress, ulong old)
    {
        ulong word =
            (objectAddress >> 6 << ObjectShift)
            | NextGeneration(old)
            | ((ulong)type << TypeShift)
            | ((rights & RightsMask) << RightsShift);
        // EndpointRights has Send and Receive in the places of the two marks.
        return type == ObjectType.Endpoint ? word | (rights & (EndpointWithSend | EndpointWithReceive)) : word;
    }

    /// <summary>The slot that a link, which is not 0, names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Capability* At(uint link) => (Capability*)(Memory.OwnedMemory.LinkBase + ((ulong)link << SizeBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LinkTo(Capability* slot) => (uint)(((ulong)slot - Memory.OwnedMemory.LinkBase) >> SizeBits);
}

/// <summary>What is left to do for a capability that is being deleted. Stands in the rights of its slot.</summary>
internal enum Remains : byte
{
    /// <summary>The capability is gone; the call that deletes it has more to do and will come back.</summary>
    Nothing = 0,

    /// <summary>A Frame has pages left in its window.</summary>
    Window = 1,

    /// <summary>In slot 0 of a table: its slots are still to be deleted (DyingTables).</summary>
    Table = 2,

    /// <summary>Threads wait at the Endpoint or Notification.</summary>
    EndpointWaiters = 3,
    NotificationWaiters = 4,

    /// <summary>Of a SchedControl: what was derived from it goes first.</summary>
    Derived = 5,

    /// <summary>The IrqHandler's notification goes with it, and threads wait there.</summary>
    IrqNotification = 6,
}
