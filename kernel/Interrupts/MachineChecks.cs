using Skerry.Kernel.Machine;
using Skerry.Kernel.Panic;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// The processor found an error that it can't correct: the cluster panics, and the report has what the banks say. Errors
/// that it corrects are not looked at (Intel SDM vol. 3B, chapter 16).
/// </summary>
/// <remarks>
/// <code>
///   63  62   61 60 59    58    57  56..38   37..32  31..16               15..0
///  +---+----+--+--+-----+-----+---+--------+-------+-------------------+-----------+
///  |VAL|OVER|UC|EN|MISCV|ADDRV|PCC|  ...   |  ...  | model's error code| error code|  IA32_MCi_STATUS
///  +---+----+--+--+-----+-----+---+--------+-------+-------------------+-----------+
/// </code>
/// </remarks>
internal static unsafe class MachineChecks
{
    private const uint GlobalCapabilities = 0x179;
    public const uint GlobalStatus = 0x17a;
    public const uint GlobalControl = 0x17b;

    // The registers of bank 0; those of the next one follow.
    public const uint FirstControl = 0x400;
    private const uint FirstStatus = 0x401;
    private const uint FirstAddress = 0x402;
    private const uint FirstMiscellaneous = 0x403;
    private const uint RegistersPerBank = 4;

    private const ulong BankCountMask = 0xff;
    private const ulong HasGlobalControl = 1 << 8;
    private const ulong Valid = 1ul << 63;
    private const ulong HasMiscellaneous = 1ul << 59;
    private const ulong HasAddress = 1ul << 58;

    /// <summary>
    /// On the calling CPU: every error of every bank is to be reported. Without this and CR4.MCE the processor shuts down
    /// instead. What the banks have kept since before the reset is forgotten.
    /// </summary>
    public static void Enable()
    {
        ulong capabilities = Hardware.ReadModelSpecificRegister(GlobalCapabilities);
        if ((capabilities & HasGlobalControl) != 0)
        {
            Hardware.WriteModelSpecificRegister(GlobalControl, ulong.MaxValue);
        }
        uint banks = (uint)(capabilities & BankCountMask);
        for (uint bank = 0; bank < banks; bank++)
        {
            Hardware.WriteModelSpecificRegister(FirstControl + bank * RegistersPerBank, ulong.MaxValue);
            Hardware.WriteModelSpecificRegister(FirstStatus + bank * RegistersPerBank, 0);
        }
        Hardware.WriteModelSpecificRegister(GlobalStatus, 0);
    }

    /// <summary>For a panic, on the CPU that took the exception. Another one of it would shut the CPU down before this ends.</summary>
    public static void Report()
    {
        Line("machine check: status ", Hardware.ReadModelSpecificRegister(GlobalStatus));
        uint banks = (uint)(Hardware.ReadModelSpecificRegister(GlobalCapabilities) & BankCountMask);
        for (uint bank = 0; bank < banks; bank++)
        {
            ReportBank(bank);
        }
        Hardware.WriteModelSpecificRegister(GlobalStatus, 0);
    }

    private static void ReportBank(uint bank)
    {
        uint first = bank * RegistersPerBank;
        ulong status = Hardware.ReadModelSpecificRegister(FirstStatus + first);
        if ((status & Valid) == 0)
        {
            return;
        }
        Console.Write("bank ");
        Console.WriteDecimal(bank);
        Console.Write(": status ");
        Console.WriteHex(status);
        if ((status & HasAddress) != 0)
        {
            Console.Write(" address ");
            Console.WriteHex(Hardware.ReadModelSpecificRegister(FirstAddress + first));
        }
        if ((status & HasMiscellaneous) != 0)
        {
            Console.Write(" misc ");
            Console.WriteHex(Hardware.ReadModelSpecificRegister(FirstMiscellaneous + first));
        }
        Console.Write("\n");
    }

    private static void Line(string name, ulong value)
    {
        Console.Write(name);
        Console.WriteHex(value);
        Console.Write("\n");
    }
}
