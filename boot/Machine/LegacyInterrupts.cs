namespace Skerry.Boot.Machine;

/// <summary>
/// The two 8259 interrupt controllers that the firmware leaves running. They are silenced while the boot CPU still
/// listens to them through its local APIC: a request that is pending when the kernel closes that entry would be
/// delivered without a vector.
/// </summary>
internal static class LegacyInterrupts
{
    private const ushort FirstMask = 0x21;
    private const ushort SecondMask = 0xa1;
    private const byte All = 0xff;

    public static void Silence()
    {
        Processor.OutByte(SecondMask, All);
        Processor.OutByte(FirstMask, All);
    }
}
