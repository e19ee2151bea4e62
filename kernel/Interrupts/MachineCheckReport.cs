using Skerry.Kernel.Machine;
using Skerry.Kernel.Panic;

namespace Skerry.Kernel.Interrupts;

/// <summary>What the banks of a CPU say about a machine check (Intel SDM vol. 3B, 16.3.2).</summary>
/// <remarks>
/// <code>
///   63  62   61 60 59    58    57  56..38   37..32  31..16               15..0
///  +---+----+--+--+-----+-----+---+--------+-------+-------------------+-----------+
///  |VAL|OVER|UC|EN|MISCV|ADDRV|PCC|  ...   |  ...  | model's error code| error code|  IA32_MCi_STATUS
///  +---+----+--+--+-----+-----+---+--------+-------+-------------------+-----------+
/// </code>
/// </remarks>
internal static unsafe class MachineCheckReport
{
    private const uint FirstAddress = 0x402;
    private const uint FirstMiscellaneous = 0x403;

    private const ulong Valid = 1ul << 63;
    private const ulong HasMiscellaneous = 1ul << 59;
    private const ulong HasAddress = 1ul << 58;

    /// <summary>For a panic, on the CPU that took the exception. Another one of it would shut the CPU down before this ends.</summary>
    public static void Write()
    {
        Line("machine check: status ", Hardware.ReadModelSpecificRegister(MachineChecks.GlobalStatus));
        uint banks = MachineChecks.BankCount(Hardware.ReadModelSpecificRegister(MachineChecks.GlobalCapabilities));
        for (uint bank = 0; bank < banks; bank++)
        {
            ReportBank(bank);
        }
        Hardware.WriteModelSpecificRegister(MachineChecks.GlobalStatus, 0);
    }

    private static void ReportBank(uint bank)
    {
        uint first = bank * MachineChecks.RegistersPerBank;
        ulong status = Hardware.ReadModelSpecificRegister(MachineChecks.FirstStatus + first);
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
