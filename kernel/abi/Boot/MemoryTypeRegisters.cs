namespace Skerry.Abi.Boot;

/// <summary>
/// The MTRRs of a processor, one after the other: bootstrap gives every CPU those of the boot CPU, and each kernel compares
/// them (Intel SDM vol. 3A, 12.11).
/// </summary>
/// <remarks>
/// <code>
///   63         11 10   9    8   7         0
///  +-------------+----+---+-----+-----------+
///  |  reserved   | WC | 0 | FIX | variable  |   IA32_MTRRCAP: FIX: there are fixed ranges; how many variable ones
///  +-------------+----+---+-----+-----------+
/// </code>
/// </remarks>
public static class MemoryTypeRegisters
{
    public const uint Capabilities = 0xfe;

    /// <summary>IA32_MTRR_DEF_TYPE: the type of what is in no range, and whether there are any.</summary>
    public const uint Default = 0x2ff;

    private const ulong VariableMask = 0xff;
    private const ulong HasFixed = 1 << 8;
    private const uint FirstVariable = 0x200;

    /// <summary>Ranges that have registers, 0x200 to 0x213; behind them are others.</summary>
    private const uint MostVariable = 10;

    /// <summary>0x250, 0x258, 0x259, 0x268 to 0x26f.</summary>
    private const uint FixedCount = 11;

    public const uint MaximumCount = 1 + FixedCount + 2 * MostVariable;

    public static uint Count(ulong capabilities) => 1 + Fixed(capabilities) + 2 * Variable(capabilities);

    /// <summary>The number of a register; the first of all is <see cref="Default"/>.</summary>
    public static uint At(ulong capabilities, uint index)
    {
        if (index == 0)
        {
            return Default;
        }
        uint place = index - 1;
        if (place >= Fixed(capabilities))
        {
            return FirstVariable + place - Fixed(capabilities);
        }
        return place switch
        {
            0 => 0x250,
            1 => 0x258,
            2 => 0x259,
            _ => 0x268 + place - 3,
        };
    }

    private static uint Fixed(ulong capabilities) => (capabilities & HasFixed) != 0 ? FixedCount : 0;

    private static uint Variable(ulong capabilities)
    {
        var count = (uint)(capabilities & VariableMask);
        return count < MostVariable ? count : MostVariable;
    }
}
