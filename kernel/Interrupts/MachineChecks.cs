using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Interrupts;

/// <summary>
/// The processor found an error that it can't correct: the cluster panics, and MachineCheckReport says what the banks say.
/// Errors that it corrects are not looked at (Intel SDM vol. 3B, chapter 16).
/// </summary>
internal static unsafe class MachineChecks
{
    public const uint GlobalCapabilities = 0x179;
    public const uint GlobalStatus = 0x17a;
    public const uint GlobalControl = 0x17b;

    // The registers of bank 0, and two more of it that follow them; then those of the next one.
    public const uint FirstControl = 0x400;
    public const uint FirstStatus = 0x401;
    public const uint RegistersPerBank = 4;

    private const ulong BankCountMask = 0xff;

    /// <summary>Behind the registers of bank 31 lie those of VMX (Intel SDM vol. 4, table 2-2).</summary>
    private const uint MostBanks = 32;
    private const ulong HasGlobalControl = 1 << 8;

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
        uint banks = BankCount(capabilities);
        for (uint bank = 0; bank < banks; bank++)
        {
            Hardware.WriteModelSpecificRegister(FirstControl + bank * RegistersPerBank, ulong.MaxValue);
            Hardware.WriteModelSpecificRegister(FirstStatus + bank * RegistersPerBank, 0);
        }
        Hardware.WriteModelSpecificRegister(GlobalStatus, 0);
    }

    public static uint BankCount(ulong capabilities)
    {
        var count = (uint)(capabilities & BankCountMask);
        return count < MostBanks ? count : MostBanks;
    }
}
