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
    private const ulong ZeroingStep = 64 * 1024;

    /// <summary>Of the capability to a new object.</summary>
    public const byte AllRights = 7;

    public static ulong SizeOf(Capability* untyped) => 1ul << (int)untyped->Extent;

    /// <summary>Bytes in use, from the start.</summary>
    public static ulong Watermark(Capability* untyped) => untyped->Data;

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

    /// <summary>
    /// Memory that held objects before is zeroed from its end downwards, a step at a time, and the watermark follows:
    /// what lies above it is always zero. Answers false if it gives way (Preemption) and work is left.
    /// </summary>
    public static bool Reset(Cpu* cpu, Capability* untyped)
    {
        if (Watermark(untyped) == 0)
        {
            return true;
        }
        // Nobody may still hold a pointer, read without the lock, into what is about to become something else.
        Rendezvous.PassAll(cpu);
        // Many CPUs take long to pass; a little is done all the same, so that the next call has less to do.
        bool isDue = Preemption.IsDue(cpu);
        ulong most = isDue ? UserLayout.PageSize : ZeroingStep;
        var start = (byte*)(KernelLayout.DirectMap + untyped->PhysicalBase);
        while (Watermark(untyped) != 0)
        {
            ulong end = Watermark(untyped);
            ulong step = end < most ? end : most;
            Zero(start + end - step, step);
            untyped->Data = end - step;
            if (isDue || Preemption.IsDue(cpu))
            {
                return untyped->Data == 0;
            }
        }
        return true;
    }

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
        untyped->Data = offset + request.ObjectBytes * request.Count;
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
