namespace Skerry.Boot.Machine;

/// <summary>Where a CPU goes; RootTable 0: it stays unused.</summary>
internal struct KernelOrder
{
    public ulong RootTable;
    public ulong StackTop;
    public ulong Information;
    public uint Cpu;
    public ulong Entry;
}
