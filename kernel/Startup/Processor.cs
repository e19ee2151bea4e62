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
    private const ulong FsGsBaseInstructions = 1 << 16;

    // CPUID leaf 1 ecx, leaf 7 ebx and ecx (Intel SDM vol. 2A, CPUID).
    private const uint HasXsaveBit = 1u << 26;
    private const uint HasAvxBit = 1u << 28;
    private const uint HasSmepBit = 1u << 7;
    private const uint HasSmapBit = 1u << 20;
    private const uint HasUmipBit = 1u << 2;

    // XCR0: x87, SSE, AVX. Their standard-format area takes 832 bytes, which Thread.ExtendedState has.
    private const uint X87AndSse = 3;
    private const uint Avx = 4;

    public static void Initialise(Cpu* cpu)
    {
        uint* leaf = stackalloc uint[4];
        Hardware.Cpuid(1, 0, leaf);
        uint features = leaf[2];
        Hardware.Cpuid(0, 0, leaf);
        uint structured = 0;
        uint structured2 = 0;
        if (leaf[0] >= 7)
        {
            Hardware.Cpuid(7, 0, leaf);
            structured = leaf[1];
            structured2 = leaf[2];
        }
        cpu->HasXsave = (features & HasXsaveBit) != 0;
        cpu->HasAvx = cpu->HasXsave && (features & HasAvxBit) != 0;
        SetControl4(cpu, structured, structured2);
        if (cpu->HasXsave)
        {
            Hardware.WriteExtendedControl(cpu->HasAvx ? X87AndSse | Avx : X87AndSse);
        }
        SetSystemCall(cpu);
        cpu->InitialMxcsr = Objects.Threads.InitialMxcsr;
        // In the kernel GS is the CPU's block; the entry stubs exchange it with the user's, which is always 0.
        Hardware.WriteModelSpecificRegister(GsBase, (ulong)cpu);
        Hardware.WriteModelSpecificRegister(KernelGsBase, 0);
    }

    private static void SetControl4(Cpu* cpu, uint structured, uint structured2)
    {
        ulong control = Hardware.ReadControl4() | FxsaveSupport | SimdExceptions;
        control &= ~FsGsBaseInstructions;
        if (cpu->HasXsave)
        {
            control |= XsaveSupport;
        }
        if ((structured & HasSmepBit) != 0)
        {
            control |= SupervisorExecutionPrevention;
        }
        if ((structured & HasSmapBit) != 0)
        {
            control |= SupervisorAccessPrevention;
        }
        if ((structured2 & HasUmipBit) != 0)
        {
            control |= UserModeInstructionPrevention;
        }
        Hardware.WriteControl4(control);
    }

    private static void SetSystemCall(Cpu* cpu)
    {
        ulong features = Hardware.ReadModelSpecificRegister(ExtendedFeatures);
        Hardware.WriteModelSpecificRegister(ExtendedFeatures, features | SystemCallEnable | NoExecuteEnable);
        // SYSRET adds 16 to this for code, 8 for data; SYSCALL takes code, and data behind it.
        ulong selectors = ((ulong)(Selectors.UserData - 8) << 48) | ((ulong)Selectors.KernelCode << 32);
        Hardware.WriteModelSpecificRegister(SystemCallSelectors, selectors);
        Hardware.WriteModelSpecificRegister(
            SystemCallTarget,
            cpu->HasAvx ? Hardware.SystemCallEntry() : Hardware.SystemCallEntryWithoutAvx()
        );
        Hardware.WriteModelSpecificRegister(SystemCallFlagMask, ClearedFlags);
    }
}
