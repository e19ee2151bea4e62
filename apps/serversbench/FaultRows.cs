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
    private static Samples samples;

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
        Touch(in environment, "fault-forwarded"u8, module, pages < Pages ? pages : Pages);
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
