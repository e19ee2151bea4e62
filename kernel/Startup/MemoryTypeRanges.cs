using System.Threading;
using Skerry.Abi.Boot;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Startup;

/// <summary>
/// MTRRs: which memory types the firmware allows where. All CPUs of a cluster must have the same, as bootstrap sees to, or
/// one of them takes for uncached what another has in its cache (Intel SDM vol. 3A, 12.11.8).
/// </summary>
internal static class MemoryTypeRanges
{
    /// <summary>Whether the calling CPU has what the first one has.</summary>
    /// <param name="first">
    /// Of all of the registers, by whichever CPU of the cluster came first; 0: none has come, and it is this one.
    /// </param>
    public static bool AreThoseOf(ref ulong first)
    {
        ulong own = Digest();
        ulong seen = Interlocked.CompareExchange(ref first, own, 0ul);
        return seen == 0 || seen == own;
    }

    /// <summary>FNV-1a by words; not 0.</summary>
    private static ulong Digest()
    {
        ulong capabilities = Hardware.ReadModelSpecificRegister(MemoryTypeRegisters.Capabilities);
        ulong digest = 0xcbf2_9ce4_8422_2325;
        for (uint i = 0; i < MemoryTypeRegisters.Count(capabilities); i++)
        {
            ulong word = Hardware.ReadModelSpecificRegister(MemoryTypeRegisters.At(capabilities, i));
            digest = (digest ^ word ^ (word >> 32)) * 0x100_0000_01b3;
        }
        return digest | 1;
    }
}
