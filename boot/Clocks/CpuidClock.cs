using Skerry.Boot.Clusters;

namespace Skerry.Boot.Clocks;

/// <summary>
/// The speed of the time-stamp counter as CPUID tells it (Intel SDM vol. 2A, CPUID; vol. 3B, 19.7.3): leaf 0x15 has eax
/// and ebx, counter ÷ crystal = ebx ÷ eax, and the crystal's Hz in ecx; where that is 0, leaf 0x16 has the counter's MHz
/// in eax.
/// </summary>
public static class CpuidClock<TCpuid>
    where TCpuid : struct, ICpuid
{
    private const uint CrystalLeaf = 0x15;
    private const uint FrequencyLeaf = 0x16;
    private const uint MegahertzMask = 0xffff;

    /// <returns>False: it tells none.</returns>
    public static bool Find(out ReferenceClock clock)
    {
        clock = new ReferenceClock { Source = ClockSource.Cpuid, Mask = ulong.MaxValue };
        uint largest = TCpuid.Read(0, 0).Eax;
        CpuidRegisters crystal = largest >= CrystalLeaf ? TCpuid.Read(CrystalLeaf, 0) : default;
        if (crystal.Eax == 0 || crystal.Ebx == 0)
        {
            return false;
        }
        clock.Hertz =
            crystal.Ecx != 0 ? (ulong)crystal.Ecx * crystal.Ebx / crystal.Eax
            : largest >= FrequencyLeaf ? (TCpuid.Read(FrequencyLeaf, 0).Eax & MegahertzMask) * 1_000_000ul
            : 0;
        return clock.Hertz != 0;
    }
}
