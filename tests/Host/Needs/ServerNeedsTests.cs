using System.Numerics;
using System.Runtime.CompilerServices;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Channels;
using Skerry.Base.Kernel;
using Skerry.Base.Needs;
using Skerry.Base.Startup;
using Skerry.Core.Links;
using Xunit;

namespace Skerry.Tests.Host.Needs;

/// <summary>What servers take for themselves, against what they make of it, for every number of CPUs.</summary>
public sealed class ServerNeedsTests
{
    private const uint MostCpus = BootInformation.MaximumCpus;

    // Bytes of the kernel's objects (docs/abi.md).
    private const ulong Endpoint = 64;
    private const ulong Notification = 128;
    private const ulong Thread = 2048;
    private const ulong Reply = 64;
    private const ulong SchedContext = 128;
    private const ulong Page = UserLayout.PageSize;

    /// <summary>Slots by hand before there is a pool, what core and vcore make beside their CPUs, the starter too, and what they map.</summary>
    private const uint FurtherSlots = 64 + 64 + 256;

    /// <summary>
    /// Endpoints, a notification, a run of two for what was handed out, three times thread, reply, context, buffer, stack; two
    /// tables.
    /// </summary>
    private const uint SlotsPerCpu = 3 + 1 + 2 + 3 * 5 + 2;

    [Fact]
    public void AVcoreHoldsItsOwnObjects()
    {
        for (uint cpus = 1; cpus <= MostCpus; cpus++)
        {
            ServerNeeds needs = VcoreNeeds.Server(cpus, 1ul << 40);
            const ulong tables = 3 * 3 + (1ul << VcoreNeeds.LargestBits) / (2 << 20);
            Assert.InRange(Made(cpus, needs.BookkeepingPages, tables, 0), Page, needs.OwnBytes);
            Assert.True(BitOperations.IsPow2(needs.OwnBytes));
        }
    }

    [Fact]
    public void CoreHoldsItsOwnObjectsAndLinks()
    {
        const ulong archive = 200 << 20;
        for (uint cpus = 1; cpus <= MostCpus; cpus++)
        {
            foreach (uint clusters in new[] { 1u, 2u, 80u, 255u })
            {
                ServerNeeds needs = ServerNeeds.OfCore(cpus, clusters, archive);
                ulong tables = 3 * 3 + archive / (2 << 20) + clusters * 4 * Page / (2 << 20);
                Assert.InRange(Made(cpus, needs.BookkeepingPages, tables, 3), Page, needs.OwnBytes);
            }
        }
    }

    /// <summary>Whatever the number of clusters, as much is left for what core knows of its children.</summary>
    [Fact]
    public void ALinkFitsItsBookkeeping()
    {
        int link =
            Unsafe.SizeOf<ClusterLink<KernelDoorbell, StrictLinkProtocol>>() + Unsafe.SizeOf<DoorbellCapability>();
        Assert.InRange(link, 1, (int)ServerNeeds.BytesPerLink);
        ulong one = ServerNeeds.OfCore(1, 1, 0).BookkeepingPages;
        ulong many = ServerNeeds.OfCore(1, 255, 0).BookkeepingPages;
        Assert.True((many - one + 1) * Page >= 254ul * (uint)link);
    }

    [Fact]
    public void SlotsForMessagesGrowWithTheCpusAndTheTablesHoldThem()
    {
        for (uint cpus = 1; cpus <= MostCpus; cpus++)
        {
            uint slots = VcoreNeeds.Server(cpus, 0).MessageSlots;
            Assert.True(slots >= 8 + cpus * (4 * MessageLimits.MaximumCapabilities + 2));
            uint own = slots + cpus * SlotsPerCpu + FurtherSlots;
            Assert.InRange((uint)StartupSlot.FirstFreeOfServer + own, 1u, (1u << 14) - 4096);
            // Three for each of core's links.
            Assert.InRange((uint)InitialSlot.FirstFree + own + 3 * MostCpus, 1u, (1u << 15) - 8192);
        }
    }

    /// <summary>Bytes up to the watermark: objects are aligned to their size, frames and tables to a page.</summary>
    private static ulong Made(uint cpus, uint bookkeeping, ulong tables, uint furtherThreads)
    {
        ulong bytes = (bookkeeping + tables) * Page + cpus * (3 * Endpoint + Notification) + 2 * Notification;
        // The starter is as a keeper, and comes behind them all.
        uint threads = 3 * cpus + 1 + furtherThreads;
        for (uint i = 0; i < threads; i++)
        {
            bool isKeeper = i < 3 * cpus ? i % 3 == 0 : i == 3 * cpus;
            bytes = Aligned(bytes, Thread) + Thread + Reply + SchedContext;
            bytes =
                Aligned(bytes, Page) + (1 + (isKeeper ? ServerNeeds.KeeperStackPages : ServerNeeds.StackPages)) * Page;
            // Two stacks lie in the reach of one table.
            bytes += i % 2 == 0 ? Page : 0;
        }
        return bytes;
    }

    private static ulong Aligned(ulong bytes, ulong alignment) => (bytes + alignment - 1) & ~(alignment - 1);
}
