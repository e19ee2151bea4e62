using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ServersBench;

/// <summary>
/// Memory taken and given back, and attached and detached. What zeroing a page takes is the difference between two sizes
/// that are the same block to the server, and counted apart.
/// </summary>
internal static class MemoryRows
{
    private const int WarmUp = 20;
    private const int NotFollowed = -1;

    /// <summary>Both are a block of 16 pages to the server; so many pages more are zeroed.</summary>
    private const ulong FewPages = 9;
    private const ulong ManyPages = 16;

    private static Samples whole;
    private static Samples first;
    private static Samples second;

    public static void Run(in Environment environment)
    {
        Allocate(in environment, FewPages, 0);
        ulong few = whole.At(50);
        Allocate(in environment, ManyPages, 0);
        ulong zeroing = (whole.At(50) - few) / (ManyPages - FewPages);
        whole.Clear();
        whole.Add(zeroing);
        Report.Print(in environment, "page-zeroing"u8, ref whole);
        LeaveOnePage(in environment);
        Report.Begin(in environment, "ram-alloc-free"u8);
        Allocate(in environment, 1, zeroing);
        Report.Print(in environment, "ram-alloc-free"u8, ref whole);
        Report.Print(in environment, "ram-alloc"u8, ref first);
        Report.Print(in environment, "ram-free"u8, ref second);
        Report.Begin(in environment, "attach-detach"u8);
        Attach(in environment);
        Report.Print(in environment, "attach-detach"u8, ref whole);
        Report.Print(in environment, "attach"u8, ref first);
        Report.Print(in environment, "detach"u8, ref second);
    }

    /// <summary>
    /// Makes a free page whose buddy is in use, as there are many in a server that has run for a while: the next allocation
    /// takes it, and no block is split or joined. Without it the row would tell how large the next free block happens to be.
    /// </summary>
    private static void LeaveOnePage(in Environment environment)
    {
        bool made =
            environment.Ram.Allocate(UserLayout.PageSize, out DataspaceCapability left) == AllocationResult.Ok
            && environment.Ram.Allocate(UserLayout.PageSize, out _) == AllocationResult.Ok
            && environment.Ram.Free(left) == DataspaceResult.Ok;
        Report.Check(made);
    }

    private static void Allocate(in Environment environment, ulong pages, ulong zeroing)
    {
        Clear();
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            ulong start = Report.Start(i);
            AllocationResult made = environment.Ram.Allocate(
                pages * UserLayout.PageSize,
                out DataspaceCapability memory
            );
            ulong between = Report.End(NotFollowed);
            DataspaceResult freed = environment.Ram.Free(memory);
            ulong end = Report.End(i);
            Report.Check(made == AllocationResult.Ok && freed == DataspaceResult.Ok);
            Add(i, Report.Between(start, between) - zeroing, Report.Between(between, end));
        }
        whole.Sort();
    }

    private static void Attach(in Environment environment)
    {
        RegionMapClient map = environment.RegionMap;
        Report.Check(
            environment.Ram.Allocate(UserLayout.PageSize, out DataspaceCapability memory) == AllocationResult.Ok
        );
        Clear();
        for (int i = -WarmUp; i < Samples.Capacity; i++)
        {
            ulong start = Report.Start(i);
            AttachResult attached = map.Attach(
                memory,
                0,
                0,
                IRegionMap.AnyAddress,
                FrameRights.Read | FrameRights.Write,
                out ulong address
            );
            ulong between = Report.End(NotFollowed);
            RegionMapResult detached = map.Detach(address);
            ulong end = Report.End(i);
            Report.Check(attached == AttachResult.Ok && detached == RegionMapResult.Ok);
            Add(i, Report.Between(start, between), Report.Between(between, end));
        }
        environment.Ram.Free(memory);
    }

    private static void Clear()
    {
        whole.Clear();
        first.Clear();
        second.Clear();
    }

    private static void Add(int round, ulong before, ulong after)
    {
        if (round >= 0)
        {
            first.Add(before);
            second.Add(after);
            whole.Add(before + after);
        }
    }
}
