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
        // It is of this CPU, as BindDoorbell sees to, and without the lock it may be taken away meanwhile.
        ulong word = SlotSnapshot.Read(&cpu->DoorbellBinding, out ulong bits);
        if (Capability.TypeOf(word) == ObjectType.Notification)
        {
            Notifications.SignalLocal(cpu, (Notification*)Capability.ObjectOf(word), bits);
        }
    }
}
