using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// The HPET (IA-PC HPET specification 1.0a, 2.3): a timer that can hold a level-triggered line, and that can send messages
/// where the machine has it so.
/// </summary>
internal static unsafe class TimerInterruptTests
{
    private const ulong Physical = 0xfed0_0000;
    private const ulong Window = UserLayout.AttachBase + 0x180_0000;

    private const uint Capabilities = 0x000;
    private const uint Configuration = 0x010;
    private const uint Status0 = 0x020;
    private const uint Counter = 0x0f0;
    private const uint TimerConfiguration = 0x100;
    private const uint TimerComparator = 0x108;
    private const uint TimerMessage = 0x110;

    private const ulong Enable = 1;
    private const ulong LevelTriggered = 1 << 1;
    private const ulong InterruptEnable = 1 << 2;
    private const int RouteShift = 9;
    private const ulong MessageEnable = 1 << 14;
    private const ulong MessageCapable = 1 << 15;

    /// <summary>Inputs from here on are not ISA's, so level-triggered ones cannot meet another device of the tests.</summary>
    private const int FirstOther = 16;

    private const ulong Rounds = 20;
    private const ulong DelayMicroseconds = 100;

    public static bool Run()
    {
        CapabilitySlot slot = Workshop.Slots(1);
        var control = new MemoryControlCapability(new CapabilitySlot((uint)InitialSlot.MemoryControl));
        Workshop.Must(control.MakeFrame(CapTableCapability.Own, slot, Physical, 1));
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        Workshop.Map(Workshop.OwnSpace, new FrameCapability(slot), Window, rights, 1);
        Write(Configuration, Enable);
        bool passed = LevelHolds() & ApicsAreTheKernels(control);
        if ((Read(TimerConfiguration) & MessageCapable) != 0)
        {
            passed &= MessagesArrive(Workshop.Facts->CpuCount > 1 ? 1u : 0u);
        }
        return passed;
    }

    private static ulong Read(uint register) => Volatile.Read(ref *(ulong*)(Window + register));

    private static void Write(uint register, ulong value) => Volatile.Write(ref *(ulong*)(Window + register), value);

    /// <summary>
    /// One interrupt, a little later. The comparator comes first: with an old value in it, which has passed, QEMU has the
    /// timer fire as soon as its interrupt is enabled (7.2), or at any write of its configuration (10), and once more for
    /// the new one.
    /// </summary>
    private static void Arm(ulong configuration)
    {
        ulong femtosecondsPerTick = Read(Capabilities) >> 32;
        ulong ticks = DelayMicroseconds * 1_000_000_000 / femtosecondsPerTick;
        Write(TimerConfiguration, 0);
        Write(TimerComparator, Read(Counter) + ticks);
        Write(TimerConfiguration, configuration);
    }

    private static void Disarm()
    {
        Write(TimerConfiguration, 0);
        Write(Status0, 1);
    }

    private static bool AwaitBits(NotificationCapability notification)
    {
        ulong start = SystemCalls.ReadTimeStampCounter();
        while (notification.Poll(out _) != Status.Ok)
        {
            if (SystemCalls.ReadTimeStampCounter() - start > Workshop.Facts->TscHertz)
            {
                return false;
            }
            Processor.Yield();
        }
        return true;
    }

    /// <summary>Acknowledged without being served it comes again; served, it does not; without an acknowledgement, neither.</summary>
    private static bool LevelHolds()
    {
        uint route = (uint)(Read(TimerConfiguration) >> 32) >> FirstOther << FirstOther;
        uint interrupt = (uint)System.Numerics.BitOperations.TrailingZeroCount(route);
        CapabilitySlot slot = Workshop.Slots(1);
        var control = new IrqControlCapability(new CapabilitySlot((uint)InitialSlot.IrqControl));
        Workshop.Must(control.MakeIoApic(CapTableCapability.Own, slot, interrupt, 0, InterruptFlags.Level));
        var handler = new IrqHandlerCapability(slot);
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Workshop.Must(handler.SetNotification(notification));
        ulong before = InterruptTests.Interrupts(0);
        Arm(InterruptEnable | LevelTriggered | (ulong)interrupt << RouteShift);
        bool came = AwaitBits(notification);
        Processor.Yield();
        bool once = InterruptTests.Interrupts(0) - before == 1;
        Workshop.Must(handler.Acknowledge());
        bool again = AwaitBits(notification) && InterruptTests.Interrupts(0) - before == 2;
        Write(Status0, 1);
        Workshop.Must(handler.Acknowledge());
        Processor.Yield();
        bool quiet = notification.Poll(out _) == Status.WouldBlock && InterruptTests.Interrupts(0) - before == 2;
        Disarm();
        Workshop.Must(CapTableCapability.Own.Delete(slot));
        bool passed = came && once && again && quiet;
        Console.Test("irq-level"u8, passed, "interrupts"u8, InterruptTests.Interrupts(0) - before);
        return passed;
    }

    private static bool MessagesArrive(uint cpu)
    {
        CapabilitySlot slot = Workshop.Slots(1);
        var control = new IrqControlCapability(new CapabilitySlot((uint)InitialSlot.IrqControl));
        Workshop.Must(control.MakeMsi(CapTableCapability.Own, slot, cpu, out InterruptMessage message));
        var handler = new IrqHandlerCapability(slot);
        Write(TimerMessage, message.Address << 32 | message.Data);
        ulong before = InterruptTests.Interrupts(cpu);
        InterruptDriver.Start(cpu, handler, &Nothing);
        bool all = true;
        for (ulong round = 1; round <= Rounds; round++)
        {
            Arm(InterruptEnable | MessageEnable);
            all &= InterruptDriver.Await(round);
        }
        Disarm();
        InterruptDriver.Stop();
        ulong count = InterruptTests.Interrupts(cpu) - before;
        bool passed = all && count == Rounds && InterruptDriver.Wrong == 0;
        Workshop.Must(CapTableCapability.Own.Delete(slot));
        Console.Test("irq-messages"u8, passed, "interrupts"u8, count);
        return passed;
    }

    private static void Nothing() { }

    private static bool ApicsAreTheKernels(MemoryControlCapability control)
    {
        CapabilitySlot slot = Workshop.Slots(1);
        ulong ioApic = Workshop.Facts->Interrupts.IoApics[0].PhysicalAddress;
        bool refused =
            control.MakeFrame(CapTableCapability.Own, slot, ioApic & ~0xffful, 1) == Status.InvalidArgument
            && control.MakeFrame(CapTableCapability.Own, slot, 0xfee0_0000, 1) == Status.InvalidArgument;
        Console.Test("irq-registers-refused"u8, refused, "refused"u8, refused ? 1u : 0u);
        return refused;
    }
}
