using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Time that goes by in user mode.</summary>
internal sealed unsafe partial class World
{
    /// <summary>The current thread of the CPU works, and at the end the timer comes if it is due.</summary>
    public void Pass(ulong ticks, uint cpu = 0)
    {
        Hardware.Clock += ticks;
        if (Cpu(cpu)->TimerSetFor <= Hardware.Clock)
        {
            Tick(cpu);
        }
    }

    public SchedContext* Context(Worker worker) => (SchedContext*)Slot(worker.Context)->Object;
}
