using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Startup;

/// <summary>Control registers and model-specific registers of one CPU.</summary>
internal static unsafe class Processor
{
    // Model-specific registers (Intel SDM vol. 4).
    private const uint ExtendedFeatures = 0xc000_0080;
    private const uint SystemCallSelectors = 0xc000_0081;
    private const uint SystemCallTarget = 0xc000_0082;
    private const uint SystemCallFlagMask = 0xc000_0084;
    private const uint PageAttributeTable = 0x277;
    private const uint GsBase = 0xc000_0101;
    private const uint KernelGsBase = 0xc000_0102;

    private const ulong SystemCallEnable = 1 << 0;
    private const ulong NoExecuteEnable = 1 << 11;

    /// <summary>TF, IF, DF, NT and AC are cleared by SYSCALL.</summary>
    private const ulong ClearedFlags = 1 << 8 | 1 << 9 | 1 << 10 | 1 << 14 | 1 << 18;

    // CR4 (Intel SDM vol. 3A, 2.5).
    private const ulong FxsaveSupport = 1 << 9;
    private const ulong SimdExceptions = 1 << 10;
    private const ulong UserModeInstructionPrevention = 1 << 11;
    private const ulong XsaveSupport = 1 << 18;
    private const ulong SupervisorExecutionPrevention = 1 << 20;
    private const ulong SupervisorAccessPrevention = 1 << 21;
    private const ulong GlobalPages = 1 << 7;
    private const ulong FsGsBaseInstructions = 1 << 16;
    private const ulong ProcessContexts = 1 << 17;

    // Memory types by what PCD and PWT of a page-table entry say, low byte first: write-back, write-through,
    // write-combining, uncached (Cacheability), and the same again for entries with the PAT bit, which nobody sets
    // (Intel SDM vol. 3A, 12.12).
    private const ulong MemoryTypes = 0x0001_0406_0001_0406;

    // XCR0: x87, SSE, AVX. Their standard-format area takes 832 bytes, which Thread.ExtendedState has.
    private const uint X87AndSse = 3;
    private const uint Avx = 4;

    public static void Initialise(Cpu* cpu)
    {
        ProcessorFeatures features = ProcessorFeatures.Read();
        cpu->HasXsave = features.HasXsave;
        cpu->HasAvx = features.HasAvx;
        if (Mitigations.AreOn)
        {
            Mitigations.Initialise(cpu, features);
        }
        SetControl4(features);
        if (cpu->HasXsave)
        {
            Hardware.WriteExtendedControl(cpu->HasAvx ? X87AndSse | Avx : X87AndSse);
        }
        // Of what is mapped now, none has another type by this table than by that of reset, so no cache has to be emptied:
        // the one entry that changes its meaning, the third, is in no page table yet.
        Hardware.WriteModelSpecificRegister(PageAttributeTable, MemoryTypes);
        SetSystemCall();
        cpu->InitialMxcsr = Objects.Threads.InitialMxcsr;
        // In the kernel GS is the CPU's block; the entry stubs exchange it with the user's, which is always 0.
        Hardware.WriteModelSpecificRegister(GsBase, (ulong)cpu);
        Hardware.WriteModelSpecificRegister(KernelGsBase, 0);
    }

    public static void SetSystemCallEntry(ulong door) => Hardware.WriteModelSpecificRegister(SystemCallTarget, door);

    private static void SetControl4(ProcessorFeatures features)
    {
        ulong control = Hardware.ReadControl4() | FxsaveSupport | SimdExceptions;
        control &= ~FsGsBaseInstructions;
        if (features.HasXsave)
        {
            control |= XsaveSupport;
        }
        if (features.HasSupervisorExecutionPrevention)
        {
            control |= SupervisorExecutionPrevention;
        }
        if (features.HasSupervisorAccessPrevention)
        {
            control |= SupervisorAccessPrevention;
        }
        if (features.HasUserModeInstructionPrevention)
        {
            control |= UserModeInstructionPrevention;
        }
        if (Mitigations.AreOn)
        {
            // Global translations would stay while user mode's own tables are loaded.
            control &= ~GlobalPages;
            control |= features.HasProcessContexts ? ProcessContexts : 0;
        }
        Hardware.WriteControl4(control);
    }

    private static void SetSystemCall()
    {
        ulong features = Hardware.ReadModelSpecificRegister(ExtendedFeatures);
        Hardware.WriteModelSpecificRegister(ExtendedFeatures, features | SystemCallEnable | NoExecuteEnable);
        // SYSRET adds 16 to this for code, 8 for data; SYSCALL takes code, and data behind it.
        ulong selectors = ((ulong)(Selectors.UserData - 8) << 48) | ((ulong)Selectors.KernelCode << 32);
        Hardware.WriteModelSpecificRegister(SystemCallSelectors, selectors);
        SetSystemCallEntry(Doors.SystemCallEntry);
        Hardware.WriteModelSpecificRegister(SystemCallFlagMask, ClearedFlags);
    }
}
