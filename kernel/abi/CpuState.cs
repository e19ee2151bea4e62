namespace Skerry.Abi;

/// <summary>Whether a CPU runs threads.</summary>
public enum CpuState : ulong
{
    Running = 0,

    /// <summary>Halted until CpuControl.Wake; its ready threads wait.</summary>
    Parked = 1,
}
