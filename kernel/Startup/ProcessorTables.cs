using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Startup;

/// <summary>GDT and TSS of one CPU, and the IDTs of the cluster, plain and traced (Intel SDM vol. 3A, 3.5, 7.2.3, 8.7).</summary>
internal static unsafe class ProcessorTables
{
    private const ulong KernelCodeDescriptor = 0x00af_9b00_0000_ffff;
    private const ulong KernelDataDescriptor = 0x00cf_9300_0000_ffff;
    private const ulong UserDataDescriptor = 0x00cf_f300_0000_ffff;
    private const ulong UserCodeDescriptor = 0x00af_fb00_0000_ffff;
    private const ulong AvailableTaskState = 0x89ul << 40;

    private const ulong CriticalStackSize = 8192;
    private const int TracedIdt = (int)UserLayout.PageSize / sizeof(ulong);

    /// <summary>The plain one, and behind it, a page later, the traced one.</summary>
    private static ulong* idt;
    private static ulong idtAddress;

    /// <summary>Once for the cluster.</summary>
    public static void BuildIdt()
    {
        idt = (ulong*)BootMemory.Take(2 * UserLayout.PageSize, UserLayout.PageSize);
        idtAddress = Mitigations.PlaceInterruptTables(idt);
        for (int vector = 0; vector < Vectors.Count; vector++)
        {
            ulong stack = vector switch
            {
                Vectors.DoubleFault => 1,
                Vectors.NonMaskable => 2,
                Vectors.MachineCheck => 3,
                Vectors.Debug => 4,
                _ => 0,
            };
            idt[vector * 2] = GateLow(Doors.Vector(vector), stack);
            idt[vector * 2 + 1] = Doors.Vector(vector) >> 32;
            idt[TracedIdt + vector * 2] = GateLow(Doors.TracedVector(vector), stack);
            idt[TracedIdt + vector * 2 + 1] = Doors.TracedVector(vector) >> 32;
        }
    }

    // Interrupt gate, 64 bits: offset 15:0, selector, IST, type 0xE with present bit, offset 31:16; then offset 63:32.
    private static ulong GateLow(ulong entry, ulong stack) =>
        (entry & 0xffff)
        | ((ulong)Selectors.KernelCode << 16)
        | (stack << 32)
        | (0x8eul << 40)
        | ((entry & 0xffff_0000) << 32);

    /// <summary>For a deliberate double fault.</summary>
    public static void BreakGate(int vector) => idt[vector * 2] = 0;

    /// <summary>On each CPU. There is no local descriptor table, and no descriptor for code of 32 bits.</summary>
    public static void Load(Cpu* cpu)
    {
        var block = (Tables*)BootMemoryFor(cpu);
        block->Null = 0;
        block->KernelCode = KernelCodeDescriptor;
        block->KernelData = KernelDataDescriptor;
        block->UserData = UserDataDescriptor;
        block->UserCode = UserCodeDescriptor;
        ulong taskState = (ulong)&block->Task;
        ulong limit = (ulong)sizeof(TaskState) - 1;
        block->TaskLow =
            limit | ((taskState & 0xff_ffff) << 16) | AvailableTaskState | ((taskState >> 24 & 0xff) << 56);
        block->TaskHigh = taskState >> 32;
        // Behind the end: no port is user mode's.
        block->Task.PortMapBase = (ushort)sizeof(TaskState);
        TablePointer gdtPointer;
        gdtPointer.Limit = (ushort)(7 * sizeof(ulong) - 1);
        gdtPointer.Base = (ulong)block;
        TablePointer idtPointer = PointerToIdt(traced: false);
        Hardware.LoadTables(&gdtPointer, &idtPointer);
    }

    /// <summary>On the calling CPU.</summary>
    public static void LoadIdt(bool traced)
    {
        TablePointer pointer = PointerToIdt(traced);
        Hardware.LoadInterruptTable(&pointer);
    }

    private static TablePointer PointerToIdt(bool traced)
    {
        TablePointer pointer;
        pointer.Limit = Vectors.Count * 16 - 1;
        pointer.Base = idtAddress + (traced ? UserLayout.PageSize : 0);
        return pointer;
    }

    private static Tables* BootMemoryFor(Cpu* cpu) => (Tables*)((byte*)cpu + Cpu.Size);

    /// <summary>Bytes behind each CPU's block that hold its tables.</summary>
    public const ulong BytesPerCpu = 512;

    /// <summary>For exceptions and interrupts of user mode, and those for double fault, NMI, machine check and debug exceptions.</summary>
    public static void SetStacks(Cpu* cpu)
    {
        TaskState* task = &BootMemoryFor(cpu)->Task;
        if (Mitigations.AreOn)
        {
            task->Rsp0 = Mitigations.EntryStackTop(cpu->Index);
            task->Ist1 = Mitigations.CriticalStackTop(cpu->Index, 0);
            task->Ist2 = Mitigations.CriticalStackTop(cpu->Index, 1);
            task->Ist3 = Mitigations.CriticalStackTop(cpu->Index, 2);
            task->Ist4 = Mitigations.CriticalStackTop(cpu->Index, 3);
            return;
        }
        ulong stacks = (ulong)BootMemory.Take(4 * CriticalStackSize, UserLayout.PageSize);
        task->Rsp0 = cpu->KernelStack;
        task->Ist1 = stacks + CriticalStackSize;
        task->Ist2 = stacks + 2 * CriticalStackSize;
        task->Ist3 = stacks + 3 * CriticalStackSize;
        task->Ist4 = stacks + 4 * CriticalStackSize;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct TablePointer
    {
        public ushort Limit;
        public ulong Base;
    }

    /// <summary>64-bit task-state segment (Intel SDM vol. 3A, figure 8-11).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 104, Pack = 1)]
    private struct TaskState
    {
        [FieldOffset(4)]
        public ulong Rsp0;

        [FieldOffset(36)]
        public ulong Ist1;

        [FieldOffset(44)]
        public ulong Ist2;

        [FieldOffset(52)]
        public ulong Ist3;

        [FieldOffset(60)]
        public ulong Ist4;

        [FieldOffset(102)]
        public ushort PortMapBase;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Tables
    {
        public ulong Null;
        public ulong KernelCode;
        public ulong KernelData;
        public ulong UserData;
        public ulong UserCode;
        public ulong TaskLow;
        public ulong TaskHigh;
        public TaskState Task;
    }
}
