namespace Skerry.Abi.Boot;

/// <summary>What bootstrap's image ends with, by which the host reckons how much of it stays in use.</summary>
public static class BootstrapSize
{
    /// <summary>Stacks of CPUs, one behind the other: as many are used as the machine has CPUs.</summary>
    public const int Stacks = MachineHeader.MaximumCpus;

    /// <summary>Bytes of each.</summary>
    public const int StackBytes = 0x1000;
}
