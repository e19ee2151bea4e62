using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Startup;

/// <summary>
/// The state of one CPU that decides what its programs can do. All of it is set here, in ProcessorTables, in KernelEntry
/// (CR0) and in LocalApic, and nothing is taken over from reset or firmware but what docs/processor-state.md names.
/// </summary>
internal static unsafe class Processor
{
    // XCR0. The standard-format area of all three takes 832 bytes, which Thread.ExtendedState has.
    private const uint X87AndSse = ProcessorFeatures.X87AndSse;
    private const uint Avx = ProcessorFeatures.AvxState;

    /// <summary>On each CPU, behind ProcessorTables.Load.</summary>
    public static void Initialise(Cpu* cpu, ProcessorFeatures features)
    {
        cpu->HasXsave = features.HasXsave;
        cpu->HasAvx = features.HasAvx;
        cpu->InitialMxcsr = Objects.Threads.InitialMxcsr;
        if (Mitigations.AreOn)
        {
            Mitigations.Initialise(cpu, features);
        }
        if (features.HasMachineChecks)
        {
            MachineChecks.Enable();
        }
        Hardware.WriteControl4((ulong)Control4For(features));
        if (cpu->HasXsave)
        {
            Hardware.WriteExtendedControl(cpu->HasAvx ? X87AndSse | Avx : X87AndSse);
        }
        ModelSpecificRegisters.Set(cpu, features);
        ulong* noBreakpoints = stackalloc ulong[4];
        noBreakpoints[0] = noBreakpoints[1] = noBreakpoints[2] = noBreakpoints[3] = 0;
        Hardware.LoadDebugRegisters(noBreakpoints, 0);
        Hardware.TakeDebugCause();
    }

    private static Control4 Control4For(ProcessorFeatures features)
    {
        Control4 control = Control4.PhysicalAddressExtension | Control4.Fxsave | Control4.SimdExceptions;
        control |= features.HasMachineChecks ? Control4.MachineChecks : 0;
        control |= features.HasXsave ? Control4.Xsave : 0;
        control |= features.HasSupervisorExecutionPrevention ? Control4.SupervisorExecutionPrevention : 0;
        control |= features.HasSupervisorAccessPrevention ? Control4.SupervisorAccessPrevention : 0;
        control |= features.HasUserModeInstructionPrevention ? Control4.UserModeInstructionPrevention : 0;
        if (Mitigations.AreOn)
        {
            // No global pages: the kernel's translations would stay while user mode's own tables are loaded.
            return control | (features.HasProcessContexts ? Control4.ProcessContexts : 0);
        }
        return control | (features.HasGlobalPages ? Control4.GlobalPages : 0);
    }
}
