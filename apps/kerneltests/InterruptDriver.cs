using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>A thread that waits for one interrupt, on the CPU that it is routed to, and what it does for its device.</summary>
internal static unsafe class InterruptDriver
{
    private const uint Priority = 45;
    private const ulong Badge = 8;

    private static IrqHandlerCapability handler;
    private static NotificationCapability notification;
    private static delegate* <void> serveDevice;
    private static ulong served;
    private static ulong wrong;
    private static Worker worker;

    public static ulong Served => Volatile.Read(ref served);

    /// <summary>Bits that were not the badge, and acknowledgements that were refused.</summary>
    public static ulong Wrong => Volatile.Read(ref wrong);

    public static void Start(uint cpu, IrqHandlerCapability irq, delegate* <void> onInterrupt)
    {
        handler = irq;
        serveDevice = onInterrupt;
        served = 0;
        wrong = 0;
        notification = new NotificationCapability(Workshop.Make(ObjectType.Notification, cpu));
        CapabilitySlot badged = Workshop.Slots(1);
        CapTableCapability own = CapTableCapability.Own;
        Workshop.Must(own.Mint(badged, own, notification, NotificationRights.Signal, Badge));
        Workshop.Must(handler.SetNotification(new NotificationCapability(badged)));
        worker = Worker.Make(Workshop.OwnSpace, cpu, Priority, Role.Driver, CapabilitySlot.Null);
        worker.Start();
        while (worker.State != ThreadState.Waiting)
        {
            Processor.Yield();
        }
    }

    public static void Stop() => Workshop.Must(worker.Thread.Suspend());

    public static void Serve()
    {
        while (notification.Wait(out ulong bits) == Status.Ok)
        {
            wrong += bits == Badge ? 0u : 1u;
            serveDevice();
            wrong += handler.Acknowledge() == Status.Ok ? 0u : 1u;
            Volatile.Write(ref served, served + 1);
        }
    }

    /// <summary>Waits until so many interrupts were served; false after about a second.</summary>
    public static bool Await(ulong count)
    {
        ulong start = SystemCalls.ReadTimeStampCounter();
        while (Served < count)
        {
            if (SystemCalls.ReadTimeStampCounter() - start > Workshop.Facts->TscHertz)
            {
                return false;
            }
            Processor.Yield();
        }
        return true;
    }
}
