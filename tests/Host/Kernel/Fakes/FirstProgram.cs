using Skerry.Kernel.Cluster;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Startup;

/// <summary>In place of the kernel's, which would end the cluster: the host's worlds have no first program.</summary>
internal static unsafe class FirstProgram
{
    public static void OnUnheard(Cpu* _, Thread* __) { }
}
