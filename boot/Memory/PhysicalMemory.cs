using Skerry.Abi;

namespace Skerry.Boot.Memory;

/// <summary>
/// Access to physical memory by address: the identity map on the target, a buffer that stands for memory from some
/// physical address on in tests.
/// </summary>
public readonly unsafe struct PhysicalMemory(byte* buffer, ulong bufferAddress)
{
    public const ulong PageSize = UserLayout.PageSize;

    /// <summary>What one entry of a table of level 2 maps.</summary>
    public const ulong LargePage = 2 << 20;

    private readonly byte* _buffer = buffer;
    private readonly ulong _bufferAddress = bufferAddress;

    // Safety: the caller names memory that the machine has and that nobody else uses.
    public byte* At(ulong address) => _buffer + (address - _bufferAddress);

    public void Clear(ulong address, ulong bytes)
    {
        ulong* words = (ulong*)At(address);
        for (ulong i = 0; i < bytes / sizeof(ulong); i++)
        {
            words[i] = 0;
        }
    }

    public static ulong PagesOf(ulong bytes) => (bytes + PageSize - 1) / PageSize;
}
