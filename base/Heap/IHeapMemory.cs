namespace Skerry.Base.Heap;

/// <summary>Where the heap grows.</summary>
public interface IHeapMemory
{
    /// <summary>So many more bytes, a multiple of 4096, filled with zero, that stay for good; false: there are none.</summary>
    bool TryExtend(ulong bytes, out ulong address);
}
