namespace Skerry.Qemu.Machines;

/// <summary>What executes the guest's instructions.</summary>
public enum Accelerator
{
    /// <summary>QEMU's translator, a host thread for each CPU.</summary>
    Emulation,

    /// <summary>
    /// The translator in one thread: the CPUs take turns, of which PAUSE, HLT, an interrupt or a timer is the end. Who waits
    /// for another CPU does not keep it from running, however few processors the host has.
    /// </summary>
    EmulationByTurns,

    /// <summary>
    /// The translator in one thread, with a clock that counts instructions: the same run gives the same numbers.
    /// </summary>
    InstructionCount,

    /// <summary>The host's processor.</summary>
    Kvm,
}
