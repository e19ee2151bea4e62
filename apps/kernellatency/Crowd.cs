using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelLatency;

/// <summary>What the other CPUs do, each in memory of its own: the longest that the rows alone have shown, in turn.</summary>
internal static class Crowd
{
    private const uint Priority = 20;
    private const int MemoryBits = 22;
    private const uint SlotsEach = 100;

    private static CapabilitySlot memories;
    private static CapabilitySlot slots;

    public static void Start()
    {
        uint cpus = Cpus;
        memories = Workshop.Slots(cpus);
        slots = Workshop.Slots(cpus * SlotsEach);
        for (uint cpu = 1; cpu < cpus; cpu++)
        {
            UntypedCapability memory = Workshop.Untyped(MemoryBits);
            Subject.Check(CapTableCapability.Own.Move(memories.Next(cpu), CapTableCapability.Own, memory.Slot));
            Worker.Make(Workshop.OwnSpace, cpu, Priority, Role.Invoker, new CapabilitySlot(cpu)).Start();
        }
    }

    public static unsafe uint Cpus => Workshop.Facts->CpuCount;

    /// <summary>On CPU number `cpu`, for ever.</summary>
    public static void Work(uint cpu)
    {
        var memory = new UntypedCapability(memories.Next(cpu));
        CapabilitySlot first = slots.Next(cpu * SlotsEach);
        for (uint round = cpu; ; round++)
        {
            switch (round % 4)
            {
                case 0:
                    Make(memory, ObjectType.Frame, 1, first, 512);
                    break;
                case 1:
                    Make(memory, ObjectType.Thread, CallLimits.Threads, first, 0);
                    break;
                case 2:
                    Make(memory, ObjectType.AddressSpace, CallLimits.AddressSpaces, first, 0);
                    break;
                default:
                    Make(memory, ObjectType.Endpoint, CallLimits.Objects, first, 0);
                    break;
            }
            Subject.Check(CapTableCapability.Own.Revoke(memory.Slot));
            Subject.Check(memory.Reset());
        }
    }

    private static void Make(
        UntypedCapability memory,
        ObjectType type,
        uint count,
        CapabilitySlot first,
        ulong pages
    ) => Subject.Check(memory.Retype(type, 0, 0, count, CapTableCapability.Own, first, pages));
}
