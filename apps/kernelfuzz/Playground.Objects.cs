using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>What the shared tables begin with: some of each kind, on all CPUs, and copies of the other tables'.</summary>
internal static unsafe partial class Playground
{
    private const uint OwnObjects = 7;
    private const uint Copies = 4;

    /// <summary>
    /// Also while the workers run: what they have lost comes back, as far as memory reaches. What is there already stays;
    /// so everything here may fail.
    /// </summary>
    public static void Stock(CapTableCapability table)
    {
        for (uint type = (uint)ObjectType.Untyped; type <= (uint)ObjectType.Notification; type++)
        {
            for (uint i = 0; i < OwnObjects; i++)
            {
                var slot = new CapabilitySlot(type * Layout.SlotsPerType + i);
                int sizeBits = SizeBits((ObjectType)type, i);
                memory.Retype((ObjectType)type, sizeBits, i % Supervisor.Cpus, 1, table, slot, 1 + i % 3);
            }
        }
        CopyInto(table, ObjectType.DoorbellControl, 0, (uint)InitialSlot.DoorbellControl);
        CopyInto(table, ObjectType.MemoryControl, 0, (uint)InitialSlot.MemoryControl);
        CopyInto(table, ObjectType.IoPorts, 0, (uint)InitialSlot.SerialPorts);
        CopyInto(table, ObjectType.IrqControl, 0, (uint)InitialSlot.IrqControl);
        for (uint i = 0; i < Supervisor.Cpus && i < Layout.SlotsPerType; i++)
        {
            CopyInto(table, ObjectType.CpuControl, i, (uint)InitialSlot.FirstCpuControl + i);
            DeriveInto(table, i, i, SchedShare.Whole);
            DeriveInto(table, Layout.SlotsPerType / 2 + i, i, SchedShare.Whole / 4);
        }
        Supervisor.GiveBell(table, Layout.Bell);
        Workers.Name(table);
        // The tables come first among tables: with them go all changes of slots.
        for (uint i = 0; i < Layout.SlotsPerType - OwnObjects; i++)
        {
            CopyInto(table, ObjectType.CapTable, OwnObjects + i, Table(i).Slot.Value);
            CopyInto(table, ObjectType.AddressSpace, OwnObjects + i, Space(i).Slot.Value);
        }
        for (uint i = 0; i < Layout.SlotsPerType - OwnObjects; i++)
        {
            // Any worker but the pagers.
            uint kind = 1 + i / Supervisor.Cpus % (Layout.WorkersPerCpu - 1);
            uint worker = i % Supervisor.Cpus * Layout.WorkersPerCpu + kind;
            CopyInto(table, ObjectType.Thread, OwnObjects + i, Workers.Thread(worker).Slot.Value);
        }
    }

    private static int SizeBits(ObjectType type, uint index) =>
        type switch
        {
            ObjectType.Untyped => 9 + (int)index,
            ObjectType.CapTable => 1 + (int)index,
            _ => 0,
        };

    /// <summary>So that both tables know some of the same objects.</summary>
    public static void Exchange()
    {
        for (uint type = (uint)ObjectType.Frame; type <= (uint)ObjectType.Notification; type++)
        {
            if ((ObjectType)type is ObjectType.Reply or ObjectType.Thread)
            {
                continue;
            }
            for (uint i = 0; i < Copies; i++)
            {
                uint slot = type * Layout.SlotsPerType + i;
                uint to = slot + OwnObjects;
                Copy(Table(0), to, Table(1), slot);
                Copy(Table(1), to, Table(0), slot);
            }
        }
    }

    public static void CopyInto(CapTableCapability table, ObjectType type, uint index, uint source) =>
        Copy(table, Layout.FirstSlot(type) + index, CapTableCapability.Own, source);

    /// <summary>Of a CPU's time; it can't be copied.</summary>
    private static void DeriveInto(CapTableCapability table, uint index, uint cpu, uint share) =>
        Traps.Call(
            SystemCall.Invoke,
            Workshop.Control(cpu).Slot.Value,
            MessageInfo.Of((ulong)SchedControlOperation.Derive, 4).Value,
            table.Slot.Value | ((ulong)(Layout.FirstSlot(ObjectType.SchedControl) + index) << 32),
            62 | ((ulong)share << 32),
            0,
            0
        );

    private static void Copy(CapTableCapability table, uint slot, CapTableCapability from, uint source) =>
        Traps.Call(
            SystemCall.Invoke,
            table.Slot.Value,
            MessageInfo.Of((ulong)CapTableOperation.Copy, 4).Value,
            slot | ((ulong)from.Slot.Value << 32),
            source | (7ul << 32),
            0,
            0
        );
}
