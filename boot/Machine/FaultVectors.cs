using Skerry.Boot.Layout;

namespace Skerry.Boot.Machine;

/// <summary>
/// The 32 exception vectors of the bootstrap program, and the one that wakes its CPUs.
/// <code>
/// gate (Intel SDM vol. 3A, 6.14.1): 127..96 0 | 95..32 offset 63..16 | 47 present | 43..40 type 14 | 31..16 selector | 15..0 offset
/// </code>
/// </summary>
internal static unsafe class FaultVectors
{
    private const ulong CodeSelector = 0x08;
    private const ulong PresentInterruptGate = 0x8e00;

    public static void Install()
    {
        ulong* gate = (ulong*)Processor.Idt();
        ulong stub = Processor.FaultVectorStubs();
        for (int i = 0; i < BootLayout.Vectors; i++, gate += 2, stub += BootLayout.FaultStubStride)
        {
            gate[0] = (stub & 0xffff) | CodeSelector << 16 | PresentInterruptGate << 32 | (stub >> 16 & 0xffff) << 48;
            gate[1] = stub >> 32;
        }
        Processor.LoadFaultVectors();
    }
}
