using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Capabilities;

/// <summary>What a retype asks for, checked.</summary>
internal struct RetypeRequest
{
    public ObjectType Type;

    /// <summary>Bytes of one object.</summary>
    public ulong ObjectBytes;
    public ulong Alignment;
    public uint Count;
    public uint SizeBits;
    public uint Cpu;
    public uint Pages;
}

/// <summary>Makes objects of untyped memory. Under the cluster lock.</summary>
internal static unsafe class UntypedMemory
{
    /// <summary>Bytes zeroed between two looks at whether to give way.</summary>
    private const ulong ZeroingStep = 16 * 1024;

    /// <summary>Of the data of an Untyped: objects have multiples of 64 bytes, and so both of its halves count in them.</summary>
    private const int UnitBits = 6;
    private const int ZeroedShift = 32;

    /// <summary>Of the capability to a new object.</summary>
    public const byte AllRights = 7;

    public static ulong SizeOf(Capability* untyped) => 1ul << (int)untyped->Extent;

    /// <summary>Bytes in use, from the start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Watermark(Capability* untyped) => (ulong)(uint)untyped->Data << UnitBits;

    /// <summary>
    /// Where the memory ends that is known to be zero from the watermark on, in bytes from the start; none is if it does not
    /// lie above the watermark. Beyond it lies what nobody has used yet, or somebody has before.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ZeroedTo(Capability* untyped) => untyped->Data >> ZeroedShift << UnitBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetWatermark(Capability* untyped, ulong bytes) =>
        untyped->Data = (untyped->Data & ~(ulong)uint.MaxValue) | bytes >> UnitBits;

    private static void SetZeroedTo(Capability* untyped, ulong bytes) =>
        untyped->Data = (uint)untyped->Data | bytes >> UnitBits << ZeroedShift;

    public static Status Check(ulong word0, ulong pages, out RetypeRequest request)
    {
        request.Type = (ObjectType)(word0 & 0xff);
        request.SizeBits = (uint)(word0 >> 8) & 0xff;
        request.Cpu = (uint)(word0 >> 16) & 0xffff;
        request.Count = (uint)(word0 >> 32);
        request.Pages = (uint)pages;
        request.ObjectBytes = BytesOf(request.Type, request.SizeBits, pages);
        request.Alignment = request.Type == ObjectType.Frame ? UserLayout.PageSize : request.ObjectBytes;
        if (request.Count - 1 >= CallLimits.Objects || request.Cpu >= ClusterCpus.Count || request.ObjectBytes == 0)
        {
            return Status.InvalidArgument;
        }
        return request.Count > MostOf(request.Type) ? Status.InvalidArgument : Status.Ok;
    }

    private static uint MostOf(ObjectType type) =>
        type switch
        {
            ObjectType.AddressSpace => CallLimits.AddressSpaces,
            ObjectType.Thread => CallLimits.Threads,
            _ => CallLimits.Objects,
        };

    private static ulong BytesOf(ObjectType type, uint sizeBits, ulong pages)
    {
        switch (type)
        {
            case ObjectType.Untyped:
                return sizeBits is >= 6 and <= 46 ? 1ul << (int)sizeBits : 0;
            case ObjectType.CapTable:
                return sizeBits is >= 1 and <= 24 ? 1ul << (int)(sizeBits + Capability.SizeBits) : 0;
            case ObjectType.Frame:
                return pages is > 0 and <= Capability.MaximumExtent ? pages * UserLayout.PageSize : 0;
            case ObjectType.AddressSpace:
                return 1ul << AddressSpace.SizeBits;
            case ObjectType.PageTable:
                return UserLayout.PageSize;
            case ObjectType.Thread:
                return 1ul << Thread.SizeBits;
            case ObjectType.SchedContext:
                return 1ul << SchedContext.SizeBits;
            case ObjectType.Endpoint:
                return 1ul << Endpoint.SizeBits;
            case ObjectType.Reply:
                return 1ul << Reply.SizeBits;
            case ObjectType.Notification:
                return 1ul << Notification.SizeBits;
            default:
                return 0;
        }
    }

    /// <summary>Where the first object goes, if all fit.</summary>
    public static Status Place(Capability* untyped, ref RetypeRequest request, out ulong offset)
    {
        ulong used = DerivationTree.HasChildren(untyped) ? Watermark(untyped) : 0;
        offset = (used + request.Alignment - 1) & ~(request.Alignment - 1);
        ulong size = SizeOf(untyped);
        // At most 64 objects of at most 2^46 bytes, so the product fits 64 bits.
        if (offset > size || request.ObjectBytes * request.Count > size - offset)
        {
            return Status.OutOfMemory;
        }
        bool hasIdentifiers = request.Type != ObjectType.AddressSpace || AddressSpaces.Free >= request.Count;
        return hasIdentifiers ? Status.Ok : Status.OutOfMemory;
    }

    /// <summary>Starts again at the beginning, if nothing is left of what was made.</summary>
    public static void BeginAnew(Cpu* cpu, Capability* untyped)
    {
        if (Watermark(untyped) == 0 || DerivationTree.HasChildren(untyped))
        {
            return;
        }
        // Nobody may still hold a pointer, read without the lock, into what is about to become something else.
        Rendezvous.PassAll(cpu);
        untyped->Data = 0;
    }

    /// <summary>
    /// Zeroes what objects before this end (bytes from the start) are to be made of, a step at a time; and the rest of
    /// the last page, so that small objects find it done.
    /// </summary>
    /// <returns>False if it gives way (Preemption) and work is left.</returns>
    public static bool Zero(Cpu* cpu, Capability* untyped, ulong end)
    {
        ulong used = Watermark(untyped);
        ulong zeroedTo = ZeroedTo(untyped);
        ulong from = zeroedTo > used ? zeroedTo : used;
        if (end <= from)
        {
            return true;
        }
        ulong pages = (end + UserLayout.PageSize - 1) & ~(UserLayout.PageSize - 1);
        end = pages < SizeOf(untyped) ? pages : SizeOf(untyped);
        var start = (byte*)(KernelLayout.DirectMap + untyped->PhysicalBase);
        while (true)
        {
            ulong step = end - from < ZeroingStep ? end - from : ZeroingStep;
            Zero(start + from, step);
            from += step;
            SetZeroedTo(untyped, from);
            if (from == end)
            {
                return true;
            }
            if (Preemption.IsDue(cpu))
            {
                return false;
            }
        }
    }

    /// <summary>Where the last object ends if the first lies there, in bytes from the start.</summary>
    public static ulong End(ref RetypeRequest request, ulong offset) => offset + request.ObjectBytes * request.Count;

    /// <summary>Makes the objects and puts their capabilities into the slots, which are empty.</summary>
    public static void Make(Capability* untyped, ref RetypeRequest request, ulong offset, Capability* slots)
    {
        ulong physical = untyped->PhysicalBase + offset;
        for (uint i = 0; i < request.Count; i++)
        {
            Initialise(ref request, physical, slots + i);
            physical += request.ObjectBytes;
        }
        DerivationTree.InsertChildren(untyped, slots, request.Count);
        SetWatermark(untyped, End(ref request, offset));
    }

    private static void Initialise(ref RetypeRequest request, ulong physical, Capability* slot)
    {
        var address = (void*)(KernelLayout.DirectMap + physical);
        uint extent = request.SizeBits;
        switch (request.Type)
        {
            case ObjectType.Frame:
                slot->Write(ObjectType.Frame, (byte)FrameRights.All, physical, 0, request.Pages);
                return;
            case ObjectType.Untyped:
                slot->Write(ObjectType.Untyped, AllRights, physical, 0, extent);
                return;
            case ObjectType.AddressSpace:
                PageTables.CopyKernelHalf((ulong*)address);
                AddressSpaces.Register((AddressSpace*)address);
                break;
            case ObjectType.Thread:
                Threads.Initialise((Thread*)address, request.Cpu);
                break;
            case ObjectType.Endpoint:
                ((Endpoint*)address)->Initialise(ClusterCpus.At(request.Cpu), Ipc.EndpointGroups.New());
                break;
            case ObjectType.Notification:
                ((Notification*)address)->Initialise(ClusterCpus.At(request.Cpu));
                slot->Write(ObjectType.Notification, AllRights, (ulong)address, Capability.UnbadgedBits, 0);
                return;
            case ObjectType.Reply:
                ((Reply*)address)->Initialise(request.Cpu);
                break;
        }
        slot->Write(request.Type, AllRights, (ulong)address, 0, extent);
    }

    // All lengths are multiples of the smallest object.
    private static void Zero(byte* start, ulong length)
    {
        byte* end = start + length;
        for (; start < end; start += sizeof(Block))
        {
            *(Block*)start = default;
        }
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Block { }
}
