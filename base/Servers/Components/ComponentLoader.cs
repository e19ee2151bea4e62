using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.RegionMaps;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Base.Servers.Components;

/// <summary>
/// Fills a protection domain: the program's segments in memory of this server's own cluster, text included, the startup
/// block, and the main thread with its stack. The service lock is held.
/// </summary>
public static unsafe class ComponentLoader
{
    public const ulong MainStackBytes = 64 * 1024;

    /// <summary>Bytes that are seen at a time while content is copied.</summary>
    private const ulong WindowBytes = 1 << 20;
    private const FrameRights ReadWrite = FrameRights.Read | FrameRights.Write;

    public static LoadResult Load(
        Server* server,
        ProtectionDomain* pd,
        ReadOnlySpan<byte> file,
        in StartupBlock block,
        uint priority,
        out ThreadRecord* main
    )
    {
        main = null;
        if (!ElfImage.TryOpen(file, out ElfImage image))
        {
            return LoadResult.BadImage;
        }
        bool hasEntry = false;
        for (int i = 0; i < image.Count; i++)
        {
            if (!image.TryGetSegment(i, out ElfSegment segment, out bool valid))
            {
                continue;
            }
            hasEntry |= valid && segment.IsCode(image.Entry);
            LoadResult loaded = valid ? LoadSegment(server, pd, segment) : LoadResult.BadImage;
            if (loaded != LoadResult.Ok)
            {
                return loaded;
            }
        }
        if (!hasEntry)
        {
            return LoadResult.BadImage;
        }
        ReadOnlySpan<byte> blockBytes = new(
            System.Runtime.CompilerServices.Unsafe.AsPointer(in block),
            sizeof(StartupBlock)
        );
        var information = new ElfSegment(blockBytes, UserLayout.InformationPage, UserLayout.PageSize, FrameRights.Read);
        bool made = LoadSegment(server, pd, information) == LoadResult.Ok && AddStack(server, pd);
        if (!made)
        {
            return LoadResult.OutOfResources;
        }
        return StartMain(server, pd, image.Entry, priority, out main);
    }

    /// <summary>Sets the main thread going, once its first capabilities are in place.</summary>
    public static void Run(ThreadRecord* main)
    {
        main->Started = true;
        main->Thread.Resume();
    }

    private static LoadResult LoadSegment(Server* server, ProtectionDomain* pd, in ElfSegment segment)
    {
        ulong start = segment.Address & ~(UserLayout.PageSize - 1);
        ulong bytes = segment.Address - start + segment.MemoryBytes;
        Dataspace* dataspace = AttachRam(server, pd, start, bytes, segment.Rights);
        if (dataspace == null)
        {
            return LoadResult.OutOfResources;
        }
        return Fill(server, dataspace, segment.Address - start, segment.Content)
            ? LoadResult.Ok
            : LoadResult.OutOfResources;
    }

    /// <summary>Fresh memory of the domain's quota at a fixed address; null if the quota does not suffice.</summary>
    private static Dataspace* AttachRam(Server* server, ProtectionDomain* pd, ulong at, ulong bytes, FrameRights rights)
    {
        if (server->Ram.Allocate(bytes, &pd->Account, default, out Dataspace* dataspace) != ChargeResult.Ok)
        {
            return null;
        }
        DataspaceObjects.AddOwned(pd, dataspace);
        var request = new AttachRequest
        {
            Fixed = true,
            Address = at,
            Rights = rights,
        };
        return server->Mapping.Attach(pd->Map, dataspace, request, out _) == AttachStatus.Ok ? dataspace : null;
    }

    /// <summary>Copies content through windows of this server's own, which are gone afterwards.</summary>
    public static bool Fill(Server* server, Dataspace* dataspace, ulong offset, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            DataspacePart* part = Dataspace.PartAt(dataspace, offset);
            ulong rest = part->End - offset;
            rest = rest < WindowBytes ? rest : WindowBytes;
            int count = (ulong)content.Length < rest ? content.Length : (int)rest;
            if (!FillPages(server, part, offset - part->Offset, content.Slice(0, count)))
            {
                return false;
            }
            content = content.Slice(count);
            offset += (ulong)count;
        }
        return true;
    }

    /// <summary>Through a window of the pages that the content lies in.</summary>
    private static bool FillPages(Server* server, DataspacePart* part, ulong offset, ReadOnlySpan<byte> content)
    {
        CapabilitySlot slot = server->Slots.TryTake();
        if (slot.IsNull)
        {
            return false;
        }
        ulong first = offset / UserLayout.PageSize;
        ulong pages = (offset + (ulong)content.Length - 1) / UserLayout.PageSize - first + 1;
        byte* window = null;
        var frame = new FrameCapability(part->Slot);
        if (frame.Derive(CapTableCapability.Own, slot, first * UserLayout.PageSize, pages) == Status.Ok)
        {
            window = server->Space.MapScratch(new FrameCapability(slot), pages, ReadWrite);
            if (window != null)
            {
                content.CopyTo(new Span<byte>(window + offset % UserLayout.PageSize, content.Length));
            }
            CapTableCapability.Own.Delete(slot);
            server->Space.EndScratch();
        }
        server->Slots.Give(slot);
        return window != null;
    }

    /// <summary>Slot 0 of the stack area: the message buffer, a page that is never mapped, the stack.</summary>
    private static bool AddStack(Server* server, ProtectionDomain* pd)
    {
        ulong slot = UserLayout.StackAreaBase;
        ulong bottom = slot + UserLayout.StackSlotSize - MainStackBytes;
        return AttachRam(server, pd, slot, UserLayout.PageSize, ReadWrite) != null
            && AttachRam(server, pd, bottom, MainStackBytes, ReadWrite) != null;
    }

    private static LoadResult StartMain(
        Server* server,
        ProtectionDomain* pd,
        ulong entry,
        uint priority,
        out ThreadRecord* main
    )
    {
        ThreadResult created = ThreadObjects.Create(
            server,
            pd,
            pd->FirstCpu,
            priority,
            UserLayout.StackAreaBase,
            server->SupervisorAnnouncer,
            out main
        );
        if (created != ThreadResult.Ok)
        {
            return LoadResult.OutOfResources;
        }
        main->Name.Set("main"u8);
        ulong stackEnd = UserLayout.StackAreaBase + UserLayout.StackSlotSize;
        return main->Thread.WriteRegisters(entry, stackEnd, 0) == Status.Ok ? LoadResult.Ok : LoadResult.BadImage;
    }
}
