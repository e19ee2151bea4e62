using System;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;
using Skerry.Boot.Loading;
using Skerry.Boot.Memory;
using Skerry.Boot.Topology;
using Skerry.Boot.Warnings;

namespace Skerry.Boot.Clusters;

/// <summary>
/// Makes one kernel instance in its cluster's memory: the copies of kernel and core, the stacks, the inbound pages, the
/// page tables, and the <see cref="BootInformation"/> that tells the kernel of them. Everything lies at the start of the
/// cluster's home range, so that the rest of it is free in one piece.
/// </summary>
public unsafe ref struct InstanceBuilder
{
    private readonly InstanceInputs _inputs;
    private readonly ref Cluster _cluster;
    private readonly BootInformation* _information;
    private PhysicalRange _home;
    private ClusterArena _arena;

    private InstanceBuilder(InstanceInputs inputs, ref Cluster cluster, PhysicalRange home)
    {
        _inputs = inputs;
        _cluster = ref cluster;
        _home = home;
        _arena = new ClusterArena(inputs.Memory, home.Base, home.Base + home.Length);
        _cluster.Information = _arena.Allocate(ClusterNeeds.InformationPages(cluster.CpuCount));
        _information = (BootInformation*)inputs.Memory.At(_cluster.Information);
    }

    /// <summary>
    /// The machine's description is placed but not written, because it tells of all instances. What is in <paramref
    /// name="scratch"/> is overwritten.
    /// </summary>
    /// <returns>False: <paramref name="home"/> does not suffice.</returns>
    public static bool Build(
        InstanceInputs inputs,
        uint number,
        ref ClusterTable clusters,
        ref MachineTopology machine,
        ref OwnedMemory shares,
        PhysicalRange home,
        DeliberateFault fault,
        ref RangeSet scratch,
        ref WarningList warnings
    )
    {
        ulong informationPages = ClusterNeeds.InformationPages(clusters.Items[(int)number].CpuCount);
        if (home.Length < informationPages * PhysicalMemory.PageSize)
        {
            return false;
        }
        var builder = new InstanceBuilder(inputs, ref clusters.Items[(int)number], home);
        builder.Describe(number, (uint)clusters.Count, fault);
        builder.ListCpus(ref machine, number);
        if (!builder.CopyKernel() || !builder.LoadCore() || !builder.PlacePages((uint)clusters.Count))
        {
            return false;
        }
        builder.ListMemory(number, ref shares, ref scratch, ref warnings);
        if (!builder.BuildTables())
        {
            return false;
        }
        builder.ListFree(ref scratch, ref warnings);
        return true;
    }

    private readonly void Describe(uint number, uint clusterCount, DeliberateFault fault)
    {
        _information->Magic = BootInformation.ExpectedMagic;
        _information->ClusterId = number;
        _information->ClusterCount = clusterCount;
        _information->Flags = number == 0 ? BootFlags.Root : BootFlags.None;
        if (_inputs.ExitOnPanic)
        {
            _information->Flags |= BootFlags.ExitOnPanic;
        }
        if (_inputs.Mitigations)
        {
            _information->Flags |= BootFlags.Mitigations;
        }
        _information->DeliberateFault = fault;
        _information->TscHertz = _inputs.TscHertz;
        _information->ApicTimerHertz = _inputs.ApicTimerHertz;
        _information->LocalApicPhysical = _inputs.LocalApic;
        _information->Features = _inputs.Features;
        _information->KernelTextBytes = _inputs.Kernel.BytesWith(FrameRights.Execute, true);
        _information->KernelDataBytes = _inputs.Kernel.BytesWith(FrameRights.Execute, false);
        _information->Archive = _inputs.Archive;
        if (number == 0)
        {
            _information->Interrupts = _inputs.Interrupts;
        }
    }

    private readonly void ListCpus(ref MachineTopology machine, uint number)
    {
        Span<BootCpu> listed = _information->Cpus;
        Span<Cpu> cpus = machine.Cpus;
        for (int i = 0; i < cpus.Length; i++)
        {
            if (cpus[i].Cluster == number)
            {
                uint index = _information->CpuCount++;
                listed[(int)index] = new BootCpu
                {
                    ApicId = cpus[i].ApicId,
                    MachineCpu = (uint)i,
                    StackTop = KernelLayout.StackTop(index),
                };
            }
        }
    }

    private bool CopyKernel()
    {
        ulong copy = Copy(_inputs.Kernel);
        _cluster.KernelImage = new PhysicalRange
        {
            Base = copy,
            Length = _inputs.Kernel.Pages * PhysicalMemory.PageSize,
        };
        _information->KernelImage = _cluster.KernelImage;
        return copy != 0;
    }

    private bool LoadCore()
    {
        ElfImage core = _inputs.Core;
        ulong copy = Copy(core);
        Span<ImageSegment> segments = _information->CoreSegments;
        for (int i = 0; i < core.SegmentCount; i++)
        {
            segments[i].VirtualAddress = core[i].Address;
            segments[i].PhysicalAddress = copy + (core[i].Address - core.Base);
            segments[i].Pages = PhysicalMemory.PagesOf(core[i].MemoryBytes);
            segments[i].Rights = core[i].Rights;
        }
        _information->CoreSegmentCount = (uint)core.SegmentCount;
        _information->CoreEntry = core.Entry;
        return copy != 0;
    }

    /// <summary>Physical address of the image's copy, 0 without memory for it. What the file does not give is zero.</summary>
    private ulong Copy(ElfImage image)
    {
        ulong copy = _arena.Allocate(image.Pages);
        for (int i = 0; i < image.SegmentCount && copy != 0; i++)
        {
            ReadOnlySpan<byte> bytes = image.BytesOf(image[i]);
            bytes.CopyTo(new Span<byte>(_inputs.Memory.At(copy + (image[i].Address - image.Base)), bytes.Length));
        }
        return copy;
    }

    private bool PlacePages(uint clusterCount)
    {
        _cluster.Inbound = Place(1 + clusterCount);
        _cluster.Machine = Place(PhysicalMemory.PagesOf(_inputs.MachineBytes));
        _information->Inbound = _cluster.Inbound;
        _information->Machine = _cluster.Machine;
        return _cluster.Inbound.Base != 0 && _cluster.Machine.Base != 0;
    }

    private PhysicalRange Place(ulong pages) =>
        new() { Base = _arena.Allocate(pages), Length = pages * PhysicalMemory.PageSize };

    private readonly void ListMemory(uint number, ref OwnedMemory shares, ref RangeSet owned, ref WarningList warnings)
    {
        owned.Clear();
        Span<OwnedPiece> pieces = shares.Pieces;
        for (int i = 0; i < pieces.Length; i++)
        {
            PhysicalRange range = pieces[i].Range;
            if (pieces[i].Cluster == number)
            {
                owned.Add(range.Base, range.Base + range.Length);
            }
        }
        ulong lost = KernelReach.Cut(ref owned, _home);
        if (lost != 0)
        {
            warnings.Add(WarningSource.Cluster, WarningReason.BeyondKernel, lost);
        }
        _cluster.OwnedBytes = RangeLists.KeepLargest(ref owned, _home, ref _information->Owned, ref warnings);
    }

    private bool BuildTables()
    {
        const PageRights data = PageRights.Writable | PageRights.NoExecute | PageRights.Global;
        var tables = new PageTableBuilder(_inputs.Memory, ref _arena, _inputs.HasHugePages);
        _cluster.RootTable = _information->RootTable = tables.Root;
        bool done = tables.Root != 0 && MapImage(ref tables) && MapDirect(ref tables);
        for (uint i = 0; i < _information->CpuCount && done; i++)
        {
            ulong bytes = KernelLayout.StackSlotSize - PhysicalMemory.PageSize;
            ulong stack = _arena.Allocate(bytes / PhysicalMemory.PageSize);
            done = stack != 0 && tables.Map(KernelLayout.StackTop(i) - bytes, stack, bytes, data);
        }
        const PageRights device = data | PageRights.CacheDisable | PageRights.WriteThrough;
        return done
            && tables.Map(KernelLayout.LocalApic, _inputs.LocalApic, PhysicalMemory.PageSize, device)
            && MapIoApics(ref tables, device)
            && tables.Map(_inputs.EntryCodePage, _inputs.EntryCodePage, PhysicalMemory.PageSize, PageRights.None);
    }

    /// <summary>None for other clusters than the boot CPU's. The registers need not begin a page.</summary>
    private readonly bool MapIoApics(ref PageTableBuilder tables, PageRights device)
    {
        bool done = true;
        for (int i = 0; i < _information->Interrupts.IoApicCount && done; i++)
        {
            ulong page = _information->Interrupts.IoApics[i].PhysicalAddress & ~(PhysicalMemory.PageSize - 1);
            ulong address = KernelLayout.IoApics + (uint)i * PhysicalMemory.PageSize;
            done = tables.Map(address, page, PhysicalMemory.PageSize, device);
        }
        return done;
    }

    private readonly bool MapImage(ref PageTableBuilder tables)
    {
        ElfImage kernel = _inputs.Kernel;
        bool done = true;
        for (int i = 0; i < kernel.SegmentCount && done; i++)
        {
            PageRights rights = PageRights.Global;
            rights |= (kernel[i].Rights & FrameRights.Write) != 0 ? PageRights.Writable : 0;
            rights |= (kernel[i].Rights & FrameRights.Execute) == 0 ? PageRights.NoExecute : 0;
            ulong copy = _cluster.KernelImage.Base + (kernel[i].Address - kernel.Base);
            ulong bytes = PhysicalMemory.PagesOf(kernel[i].MemoryBytes) * PhysicalMemory.PageSize;
            done = tables.Map(kernel[i].Address, copy, bytes, rights);
        }
        return done;
    }

    /// <summary>The copy of the kernel's text is read-only here too.</summary>
    private readonly bool MapDirect(ref PageTableBuilder tables)
    {
        ulong text = _cluster.KernelImage.Base;
        ulong textEnd = text + _inputs.TextPages * PhysicalMemory.PageSize;
        ReadOnlySpan<PhysicalRange> ranges = _information->Owned.Ranges;
        bool done = true;
        for (int i = 0; i < _information->Owned.Count && done; i++)
        {
            ulong start = ranges[i].Base;
            ulong end = start + ranges[i].Length;
            if (text < start || text >= end)
            {
                done = MapDirect(ref tables, start, end, PageRights.Writable);
                continue;
            }
            done =
                MapDirect(ref tables, start, text, PageRights.Writable)
                && MapDirect(ref tables, text, textEnd, PageRights.None)
                && MapDirect(ref tables, textEnd, end, PageRights.Writable);
        }
        return done;
    }

    private static bool MapDirect(ref PageTableBuilder tables, ulong start, ulong end, PageRights rights) =>
        tables.Map(
            KernelLayout.DirectMap + start,
            start,
            end - start,
            rights | PageRights.NoExecute | PageRights.Global
        );

    private readonly void ListFree(ref RangeSet free, ref WarningList warnings)
    {
        free.Clear();
        ReadOnlySpan<PhysicalRange> ranges = _information->Owned.Ranges;
        for (int i = 0; i < _information->Owned.Count; i++)
        {
            free.Add(ranges[i].Base, ranges[i].Base + ranges[i].Length);
        }
        free.Remove(_home.Base, _arena.Next);
        RangeLists.KeepLargest(ref free, default, ref _information->Free, ref warnings);
    }
}
