using System.Threading;
using Skerry.Abi;
using Skerry.Abi.Boot;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// The register pair of an I/O APIC: the index goes to offset 0, the data is at 0x10 (82093AA datasheet, 3.1). Two
/// accesses belong together, so whoever makes them holds <see cref="IoApics"/>' lock.
/// </summary>
internal static unsafe class IoApicRegisters
{
    private const ulong DataOffset = 0x10;

    public static uint Read(uint ioApic, ulong physicalAddress, uint index)
    {
        byte* window = Window(ioApic, physicalAddress);
        Volatile.Write(ref *(uint*)window, index);
        return Volatile.Read(ref *(uint*)(window + DataOffset));
    }

    public static void Write(uint ioApic, ulong physicalAddress, uint index, uint value)
    {
        byte* window = Window(ioApic, physicalAddress);
        Volatile.Write(ref *(uint*)window, index);
        Volatile.Write(ref *(uint*)(window + DataOffset), value);
    }

    private static byte* Window(uint ioApic, ulong physicalAddress) =>
        (byte*)(KernelLayout.IoApics + ioApic * UserLayout.PageSize + physicalAddress % UserLayout.PageSize);
}
