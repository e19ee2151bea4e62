using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Startup;

/// <summary>
/// The model-specific registers that the kernel decides on, but those of machine checks (Intel SDM vol. 4, tables 2-2 and
/// 2-3). Each is written on each CPU, whatever reset or firmware left there; docs/processor-state.md says why.
/// </summary>
internal static unsafe class ModelSpecificRegisters
{
    public const uint SysenterCode = 0x174;
    public const uint SysenterStack = 0x175;
    public const uint SysenterTarget = 0x176;
    public const uint DebugControl = 0x1d9;
    public const uint PageAttributeTable = 0x277;
    public const uint ExtendedFeatures = 0xc000_0080;
    public const uint SystemCallSelectors = 0xc000_0081;
    public const uint SystemCallTarget = 0xc000_0082;
    public const uint CompatibilityCallTarget = 0xc000_0083;
    public const uint SystemCallFlagMask = 0xc000_0084;
    public const uint FsBase = 0xc000_0100;
    public const uint GsBase = 0xc000_0101;
    public const uint KernelGsBase = 0xc000_0102;
    public const uint AuxiliaryCounterWord = 0xc000_0103;

    // IA32_EFER (Intel SDM vol. 3A, 2.2.1; AMD APM vol. 2, 3.1.7).
    private const ulong SystemCallEnable = 1 << 0;
    private const ulong LongMode = 1 << 8 | 1 << 10; // LME, LMA
    private const ulong NoExecuteEnable = 1 << 11;

    /// <summary>
    /// All flags but the reserved ones are cleared by SYSCALL: the kernel begins with interrupts off, copies upwards, no
    /// single step, no access to user pages, and nothing of a user's arithmetic.
    /// </summary>
    private const ulong ClearedFlags = 0x25_7fd5;

    // Memory types by what PCD and PWT of a page-table entry say, low byte first: write-back, write-through,
    // write-combining, uncached (Cacheability), and the same again for entries with the PAT bit, which nobody sets
    // (Intel SDM vol. 3A, 12.12).
    private const ulong MemoryTypes = 0x0001_0406_0001_0406;

    /// <summary>Of the calling CPU, whose block and descriptor tables are in use.</summary>
    public static void Set(Cpu* cpu, ProcessorFeatures features)
    {
        // Of what is mapped now, none has another type by this table than by that of reset, so no cache has to be emptied:
        // the one entry that changes its meaning, the third, is in no page table yet.
        Hardware.WriteModelSpecificRegister(PageAttributeTable, MemoryTypes);
        // On AMD processors one more bit would have FXSAVE leave the vector registers out.
        ulong mode = Hardware.ReadModelSpecificRegister(ExtendedFeatures) & LongMode;
        Hardware.WriteModelSpecificRegister(ExtendedFeatures, mode | SystemCallEnable | NoExecuteEnable);
        SetSystemCall();
        Hardware.WriteModelSpecificRegister(DebugControl, 0);
        if (features.HasAuxiliaryCounterWord)
        {
            Hardware.WriteModelSpecificRegister(AuxiliaryCounterWord, 0);
        }
        Hardware.WriteModelSpecificRegister(FsBase, 0);
        // In the kernel GS is the CPU's block; the entry stubs exchange it with the user's, which is always 0.
        Hardware.WriteModelSpecificRegister(GsBase, (ulong)cpu);
        Hardware.WriteModelSpecificRegister(KernelGsBase, 0);
    }

    public static void SetSystemCallEntry(ulong door) => Hardware.WriteModelSpecificRegister(SystemCallTarget, door);

    private static void SetSystemCall()
    {
        // SYSRET adds 16 to this for code, 8 for data; SYSCALL takes code, and data behind it.
        ulong selectors = ((ulong)(Selectors.UserData - 8) << 48) | ((ulong)Selectors.KernelCode << 32);
        Hardware.WriteModelSpecificRegister(SystemCallSelectors, selectors);
        SetSystemCallEntry(Doors.SystemCallEntry);
        // No descriptor is there for code of 32 bits, which alone would come through here. It would find the same door.
        Hardware.WriteModelSpecificRegister(CompatibilityCallTarget, Doors.SystemCallEntry);
        Hardware.WriteModelSpecificRegister(SystemCallFlagMask, ClearedFlags);
        // A null selector: SYSENTER is a general-protection fault (Intel SDM vol. 2B, SYSENTER).
        Hardware.WriteModelSpecificRegister(SysenterCode, 0);
        Hardware.WriteModelSpecificRegister(SysenterStack, 0);
        Hardware.WriteModelSpecificRegister(SysenterTarget, 0);
    }
}
