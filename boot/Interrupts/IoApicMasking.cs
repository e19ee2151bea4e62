namespace Skerry.Boot.Interrupts;

/// <summary>
/// Closes the inputs of an I/O APIC, whatever the firmware left there, so that a kernel gets no interrupt before it asks
/// for one (82093AA datasheet, 3.2; its two registers for each input follow index 0x10).
/// <code>
/// version (index 1):    23..16 number of the last input | 7..0 version
/// input, low half:      16 mask | 15 level | 14 remote IRR | 13 active low | 12 pending | 11 logical | 10..8 mode | 7..0 vector
/// </code>
/// </summary>
public static class IoApicMasking
{
    private const uint VersionIndex = 1;
    private const uint FirstInputIndex = 0x10;
    private const uint Masked = 1 << 16;

    /// <summary>
    /// Masked, edge-triggered, vector 0. What is edge-triggered waits for no end of an interrupt any more.
    /// </summary>
    /// <returns>How many inputs there are; 0 if no I/O APIC answers, where nothing has been closed then.</returns>
    public static uint CloseAll<TRegisters>(ref TRegisters registers)
        where TRegisters : struct, IIoApicRegisters
    {
        uint version = registers.Read(VersionIndex);
        // Where nothing is, machines answer with ones, QEMU with zeros.
        if (version is 0 or uint.MaxValue)
        {
            return 0;
        }
        uint last = version >> 16 & 0xff;
        for (uint input = 0; input <= last; input++)
        {
            registers.Write(FirstInputIndex + input * 2, Masked);
            registers.Write(FirstInputIndex + input * 2 + 1, 0);
        }
        return last + 1;
    }
}
