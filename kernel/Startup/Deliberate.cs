using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi.Boot;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Startup;

/// <summary>Faults that the tests ask for, to see the kernel's reports (command line test=cluster:fault).</summary>
internal static unsafe class Deliberate
{
    private static ulong depthReached;

    public static void Commit(DeliberateFault fault)
    {
        switch (fault)
        {
            case DeliberateFault.PageFault:
                Volatile.Write(ref *(ulong*)0xffff_ffff_0000_0000, 0ul);
                break;
            case DeliberateFault.GeneralProtection:
                // Not a canonical address.
                Volatile.Write(ref *(ulong*)0x8000_0000_0000_0000, 0ul);
                break;
            case DeliberateFault.DoubleFault:
                // A page fault whose gate is not there.
                ProcessorTables.BreakGate(Layout.Vectors.PageFault);
                Volatile.Write(ref *(ulong*)0xffff_ffff_0000_0000, 0ul);
                break;
            case DeliberateFault.StackOverflow:
                Descend(0);
                break;
            case DeliberateFault.UserGsBase:
                // As beside the swapgs of a door.
                ulong gsBase = Hardware.ReadModelSpecificRegister(ModelSpecificRegisters.GsBase);
                Hardware.WriteModelSpecificRegister(ModelSpecificRegisters.KernelGsBase, gsBase);
                Hardware.WriteModelSpecificRegister(ModelSpecificRegisters.GsBase, 0);
                Volatile.Write(ref *(ulong*)0xffff_ffff_0000_0000, 0ul);
                break;
            case DeliberateFault.FailedCheck:
                ReadBeyond(Volatile.Read(ref depthReached) == 0 ? 4 : 0);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Descend(ulong depth)
    {
        Volatile.Write(ref depthReached, depth);
        return Descend(depth + 1) + Volatile.Read(ref depthReached);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte ReadBeyond(int index)
    {
        System.ReadOnlySpan<byte> three = "abc"u8;
        return three[index];
    }
}
