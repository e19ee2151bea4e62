using Skerry.Abi;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Base.Heap;

/// <summary>Heap memory from the component's account, attached piece by piece from UserLayout.HeapBase on.</summary>
public struct AccountMemory : IHeapMemory
{
    private ulong _usedBytes;

    public bool TryExtend(ulong bytes, out ulong address)
    {
        address = UserLayout.HeapBase + _usedBytes;
        if (bytes > UserLayout.HeapSize - _usedBytes)
        {
            return false;
        }
        Ram ram = Environment.Current.Ram;
        if (ram.AllocateAttached(bytes, Placement.Any, address, out _) != AllocationResult.Ok)
        {
            return false;
        }
        _usedBytes += bytes;
        return true;
    }
}
