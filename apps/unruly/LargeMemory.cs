using Skerry.Abi;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Unruly;

/// <summary>Asks for nearly all that it may have at once, more than lies in any one block, and uses all of it.</summary>
internal static unsafe class LargeMemory
{
    private const ulong NotGiven = 2;
    private const ulong NotAttached = 3;
    private const ulong NotZero = 4;
    private const ulong OtherMemory = 5;
    private const ulong NotBack = 6;

    /// <summary>Left for page tables.</summary>
    private const ulong Kept = 2 << 20;

    /// <summary>Bytes that a page table maps.</summary>
    private const ulong MappedByOne = 2 << 20;

    /// <summary>Bytes between the places that are looked at.</summary>
    private const ulong Step = 1 << 20;

    public static ulong Run(in Environment environment)
    {
        environment.Pd.Quota(out QuotaState before);
        ulong bytes = (before.Limit.RamBytes - before.Used.RamBytes - Kept) & ~(UserLayout.PageSize - 1);
        if (environment.Ram.AllocateAttached(bytes, out AttachedMemory memory) != AllocationResult.Ok)
        {
            return NotGiven;
        }
        ulong result = Use(memory.Address, bytes);
        if (result != ExitValue.Success)
        {
            return result;
        }
        ulong lastPage = bytes - UserLayout.PageSize;
        AttachResult attached = environment.RegionMap.Attach(
            memory.Dataspace,
            UserLayout.PageSize,
            lastPage,
            IRegionMap.AnyAddress,
            FrameRights.Read,
            out ulong window
        );
        if (attached != AttachResult.Ok)
        {
            return NotAttached;
        }
        // The last word of the last step lies in that page.
        if (*(ulong*)(window + UserLayout.PageSize - sizeof(ulong)) != bytes - sizeof(ulong))
        {
            return OtherMemory;
        }
        environment.RegionMap.Detach(window);
        bool isFree =
            environment.RegionMap.Detach(memory.Address) == RegionMapResult.Ok
            && environment.Ram.Free(memory.Dataspace) == DataspaceResult.Ok;
        environment.Pd.Quota(out QuotaState after);
        bool isBack =
            isFree
            && after.Used.Capabilities <= before.Used.Capabilities + PageTables(bytes)
            && after.Used.RamBytes < before.Used.RamBytes + Kept;
        return isBack ? ExitValue.Success : NotBack;
    }

    /// <summary>They stay until the component ends, and each has cost a capability; at either end one may be of others too.</summary>
    private static ulong PageTables(ulong bytes) => bytes / MappedByOne + 2;

    /// <summary>Each place is zero at first, and keeps what only it was given.</summary>
    private static ulong Use(ulong address, ulong bytes)
    {
        for (ulong place = sizeof(ulong); place <= bytes; place += Step)
        {
            ulong* word = (ulong*)(address + bytes - place);
            if (*word != 0)
            {
                return NotZero;
            }
            *word = bytes - place;
        }
        for (ulong place = sizeof(ulong); place <= bytes; place += Step)
        {
            if (*(ulong*)(address + bytes - place) != bytes - place)
            {
                return OtherMemory;
            }
        }
        return ExitValue.Success;
    }
}
