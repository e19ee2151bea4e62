using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Startup;

namespace Skerry.Kernel.Checking;

/// <summary>What is set in the own CPU and can be seen from outside in no other way.</summary>
internal static class RegisterReading
{
    public static bool TryRead(ulong number, out ulong value)
    {
        value = 0;
        if (number == CheckedRegister.ExtendedControl)
        {
            value = Hardware.ReadExtendedControl();
            return true;
        }
        if (!IsSet(number))
        {
            return false;
        }
        value = Hardware.ReadModelSpecificRegister((uint)number);
        return true;
    }

    private static bool IsSet(ulong number) =>
        number
            is ModelSpecificRegisters.SysenterCode
                or ModelSpecificRegisters.SysenterStack
                or ModelSpecificRegisters.SysenterTarget
                or ModelSpecificRegisters.DebugControl
                or ModelSpecificRegisters.PageAttributeTable
                or MemoryTypeRegisters.Default
                or ModelSpecificRegisters.ExtendedFeatures
                or ModelSpecificRegisters.SystemCallSelectors
                or ModelSpecificRegisters.SystemCallTarget
                or ModelSpecificRegisters.CompatibilityCallTarget
                or ModelSpecificRegisters.SystemCallFlagMask
                or ModelSpecificRegisters.FsBase
                or ModelSpecificRegisters.GsBase
                or ModelSpecificRegisters.KernelGsBase
                or ModelSpecificRegisters.AuxiliaryCounterWord
                or MachineChecks.GlobalStatus
                or MachineChecks.GlobalControl
                or MachineChecks.FirstControl;
}
