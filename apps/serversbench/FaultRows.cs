using System;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.ServersBench;

/// <summary>
/// First accesses to pages: of memory that the own server has made, and, above a vcore, of a module of core's. Page tables
/// are there since a first round that does not count.
/// </summary>
internal static unsafe class FaultRows
{
    private const ulong Pages = 125;
    private const int Rounds = 16;
    private const int ForwardedRounds = 100;
    private const int NotFollowed = -1;
    private static Samples samples;
    private static Samples firsts;

    private static ReadOnlySpan<byte> OwnImage => "servers-bench.elf"u8;

    public static void Run(in Environment environment)
    {
        bool isInVcore = CommandWords.Has(environment.Arguments, "vcore"u8);
        Report.Check(
            environment.Ram.Allocate(Pages * UserLayout.PageSize, out DataspaceCapability memory) == AllocationResult.Ok
        );
        ReadOnlySpan<byte> name = isInVcore ? "fault-vcore"u8 : "fault-core"u8;
        Touch(in environment, name, memory, Pages);
        environment.Ram.Free(memory);
        if (isInVcore)
        {
            Forwarded(in environment);
        }
    }

    private static void Forwarded(in Environment environment)
    {
        ParentResult opened = environment.OpenSession("ROM"u8, OwnImage, Quota.None, out CapabilitySlot session);
        ulong bytes = 0;
        DataspaceCapability module = default;
        Report.Check(
            opened == ParentResult.Ok && new RomSessionClient(session).Dataspace(out module, out bytes) == RomResult.Ok
        );
        ulong pages = bytes / UserLayout.PageSize;
        pages = pages < Pages ? pages : Pages;
        Report.Begin(in environment, "fault-forwarded"u8);
        samples.Clear();
        for (int round = 0; round <= ForwardedRounds; round++)
        {
            ulong ticks = ReadAll(in environment, module, pages);
            if (round != 0)
            {
                samples.Add(ticks / pages);
            }
        }
        Report.Print(in environment, "fault-forwarded"u8, ref samples);
        Report.Print(in environment, "fault-forwarded-first"u8, ref firsts);
        Report.Check(Words(in environment, module, pages, false) == Words(in environment, module, pages, true));
    }

    /// <summary>What the pages begin with, read from the first to the last or the other way: then each fault brings pages that are there.</summary>
    private static ulong Words(in Environment environment, DataspaceCapability module, ulong pages, bool backwards)
    {
        RegionMapClient map = environment.RegionMap;
        AttachResult attached = map.Attach(module, 0, 0, IRegionMap.AnyAddress, FrameRights.Read, out ulong address);
        ulong words = 0;
        for (ulong i = 0; i < pages && attached == AttachResult.Ok; i++)
        {
            ulong page = backwards ? pages - 1 - i : i;
            // Safety: attached a moment ago.
            words += (page + 1) * Volatile.Read(ref *(ulong*)(address + page * UserLayout.PageSize));
        }
        Report.Check(map.Detach(address) == RegionMapResult.Ok);
        return words;
    }

    /// <summary>Each page once: an answer to a fault brings the next few along.</summary>
    /// <returns>What all of them took together.</returns>
    private static ulong ReadAll(in Environment environment, DataspaceCapability module, ulong pages)
    {
        RegionMapClient map = environment.RegionMap;
        AttachResult attached = map.Attach(module, 0, 0, IRegionMap.AnyAddress, FrameRights.Read, out ulong address);
        Report.Check(attached == AttachResult.Ok);
        ulong ticks = 0;
        for (ulong page = 0; page < pages && attached == AttachResult.Ok; page++)
        {
            // Safety: attached a moment ago.
            byte* place = (byte*)(address + page * UserLayout.PageSize);
            int followed = page == 0 ? samples.Count : NotFollowed;
            ulong start = Report.Start(followed);
            Volatile.Read(ref *place);
            ulong end = Report.End(followed);
            ticks += Report.Between(start, end);
            if (page == 0)
            {
                firsts.Add(Report.Between(start, end));
            }
        }
        Report.Check(map.Detach(address) == RegionMapResult.Ok);
        return ticks;
    }

    private static void Touch(
        in Environment environment,
        ReadOnlySpan<byte> name,
        DataspaceCapability memory,
        ulong pages
    )
    {
        RegionMapClient map = environment.RegionMap;
        Report.Begin(in environment, name);
        samples.Clear();
        for (int round = 0; round <= Rounds; round++)
        {
            AttachResult attached = map.Attach(
                memory,
                pages * UserLayout.PageSize,
                0,
                IRegionMap.AnyAddress,
                FrameRights.Read,
                out ulong address
            );
            Report.Check(attached == AttachResult.Ok);
            for (ulong page = 0; page < pages && attached == AttachResult.Ok; page++)
            {
                // Safety: attached a moment ago; this read faults.
                byte* place = (byte*)(address + page * UserLayout.PageSize);
                ulong start = Report.Start(samples.Count);
                Volatile.Read(ref *place);
                ulong end = Report.End(samples.Count);
                if (round != 0)
                {
                    samples.Add(Report.Between(start, end));
                }
            }
            Report.Check(map.Detach(address) == RegionMapResult.Ok);
        }
        Report.Print(in environment, name, ref samples);
    }
}
