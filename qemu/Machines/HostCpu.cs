using System;
using System.IO;

namespace Skerry.Qemu.Machines;

/// <summary>The CPU model for runs on the host's own processor.</summary>
internal static class HostCpu
{
    private const string Information = "/proc/cpuinfo";

    /// <summary>
    /// AMD's processors describe shared caches in CPUID 0x8000001D only with TOPOEXT, which QEMU leaves out of "host".
    /// </summary>
    public static string Model()
    {
        bool amd =
            File.Exists(Information)
            && File.ReadAllText(Information).Contains("AuthenticAMD", StringComparison.Ordinal);
        return amd ? "host,+topoext" : "host";
    }
}
