using System.Runtime.InteropServices;

namespace Skerry.Boot.Clusters;

/// <summary>What one CPUID leaf returns, in the order in which the stub stores it.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CpuidRegisters
{
    public uint Eax;
    public uint Ebx;
    public uint Ecx;
    public uint Edx;
}
