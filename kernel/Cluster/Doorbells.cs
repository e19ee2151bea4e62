using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Cluster;

/// <summary>
/// The one thing a kernel instance does to another: one interrupt, without payload, to the CPU that the capability
/// names. What it means stands in memory that the two clusters' servers share.
/// </summary>
internal static unsafe class Doorbells
{
    public static void Ring(Cpu* cpu, Capability* doorbell)
    {
        cpu->Count(CpuCounter.DoorbellsSent);
        LocalApic.SendInterrupt((uint)doorbell->Data, Vectors.Doorbell);
    }

    /// <summary>The interrupt: signals what BindDoorbell bound to this CPU, or nothing.</summary>
    public static void Received(Cpu* cpu)
    {
        cpu->Count(CpuCounter.DoorbellsReceived);
        // Read once: without the lock, it may be emptied meanwhile. The notification's memory is not used again before this
        // CPU has left the kernel.
        ulong word = cpu->DoorbellBinding.Word;
        ulong badge = cpu->DoorbellBinding.Badge;
        if (Capability.TypeOf(word) == ObjectType.Notification)
        {
            Notifications.SignalLocal(cpu, (Notification*)Capability.ObjectOf(word), badge == 0 ? 1 : badge);
        }
    }
}
