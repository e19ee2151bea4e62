using System;

namespace Skerry.Kernel.Startup;

/// <summary>
/// CR4 (Intel SDM vol. 3A, 2.5), as far as the kernel sets it. What it does not set is off: virtual interrupts in user
/// mode, RDPMC, FS and GS bases, protection keys, shadow stacks.
/// </summary>
/// <remarks>
/// <code>
///   21   20   18      17    11   10         9      7   6   5
///  SMAP SMEP OSXSAVE PCIDE UMIP OSXMMEXCPT OSFXSR PGE MCE PAE
/// </code>
/// </remarks>
[Flags]
internal enum Control4 : ulong
{
    None = 0,
    PhysicalAddressExtension = 1 << 5,
    MachineChecks = 1 << 6,
    GlobalPages = 1 << 7,
    Fxsave = 1 << 9,
    SimdExceptions = 1 << 10,
    UserModeInstructionPrevention = 1 << 11,
    ProcessContexts = 1 << 17,
    Xsave = 1 << 18,
    SupervisorExecutionPrevention = 1 << 20,
    SupervisorAccessPrevention = 1 << 21,
}
