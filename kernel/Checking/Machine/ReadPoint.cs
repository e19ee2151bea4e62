using System.Runtime.Intrinsics.X86;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel;

/// <summary>
/// In the checked kernel another CPU runs at some of these places. QEMU that runs all CPUs by turns ends a turn at PAUSE;
/// if each has a thread of the host, this CPU is late by a little.
/// </summary>
internal static partial class ReadPoint
{
    static partial void OnReached(ReadPlace place)
    {
        // Some times and not others, so that the CPUs meet in all orders; by the clock, which counted instructions repeat.
        if ((Hardware.ReadTimeStampCounter() >> 3 & 3) == 0)
        {
            X86Base.Pause();
        }
    }
}
