using System;
using System.Threading;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Kernel;
using Skerry.Base.Servers;
using Skerry.Core.Links;

namespace Skerry.Core.Lost;

/// <summary>
/// The root's watch over the kernels of the other clusters. One that has panicked neither answers nor says so to anybody;
/// a thread reads its sign every now and then, and tells the supervisor.
/// </summary>
internal static unsafe class LostClusters
{
    private static Server* server;

    /// <summary>By cluster.</summary>
    private static Watched* watched;

    /// <returns>False if the signs are not to be found, or memory lacks.</returns>
    public static bool Watch(Server* root)
    {
        uint count = Links.Links.ClusterCount;
        server = root;
        var clusters = (MachineCluster*)((byte*)Core.Machine + Core.Machine->ClustersOffset);
        watched = (Watched*)root->Memory.TryTake(count * (ulong)sizeof(Watched));
        if (watched == null || !RomModules.TryFind("kernel.elf"u8, out ReadOnlySpan<byte> kernel))
        {
            return false;
        }
        bool found = PanicSign.TryLocate(kernel, clusters[0].KernelImage, out ulong offset);
        for (uint i = 1; i < count && found; i++)
        {
            found = TryMap(clusters[i].KernelImage.Base + offset, out watched[i].Sign);
        }
        return found && CoreThread.Start(root, CoreThread.WatchStack, &Run, CoreThread.Leisure);
    }

    private static bool TryMap(ulong physical, out uint* sign)
    {
        CapabilitySlot slot = server->Slots.TryTake();
        ulong inPage = physical % UserLayout.PageSize;
        byte* page = null;
        if (!slot.IsNull && Links.Links.TryMakeFrame(slot, physical - inPage, 1) == Status.Ok)
        {
            page = server->Space.Map(new FrameCapability(slot), 1, FrameRights.Read);
        }
        sign = page == null ? null : (uint*)(page + inPage);
        return page != null;
    }

    /// <summary>Looks at all signs once. The supervisor does so too: while others run, the thread gets no time.</summary>
    public static void Look()
    {
        for (uint i = 1; watched != null && i < Links.Links.ClusterCount; i++)
        {
            if (
                watched[i].Sign != null
                && Volatile.Read(ref *watched[i].Sign) != 0
                && !ClusterEnds.Is(i, ClusterState.Lost)
            )
            {
                Notice(i);
            }
        }
    }

    /// <summary>Never waits: its budget, a hundredth of the time at the lowest priority, is what it waits for.</summary>
    private static void Run(ulong _)
    {
        while (true)
        {
            Look();
        }
    }

    /// <summary>
    /// The sign comes before the kernel's report, which nothing follows: it is given half a second, so that the system's
    /// end does not cut it off.
    /// </summary>
    private static void Notice(uint cluster)
    {
        ulong now = SystemCalls.ReadTimeStampCounter();
        if (watched[cluster].SeenAt == 0)
        {
            watched[cluster].SeenAt = now;
        }
        if (now - watched[cluster].SeenAt > server->TscHertz / 2)
        {
            ClusterEnds.Set(cluster, ClusterState.Lost);
            server->Attention.Signal();
        }
    }

    private struct Watched
    {
        /// <summary>In a page of the cluster's kernel.</summary>
        public uint* Sign;

        /// <summary>Time-stamp counter; 0: not yet.</summary>
        public ulong SeenAt;
    }
}
