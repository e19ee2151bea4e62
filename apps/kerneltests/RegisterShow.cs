using System;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Text;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// Prints what the checked kernel reads of the registers of each CPU (docs/processor-state.md), and then leaves the machine
/// alone, idle, for whoever looks at it from outside.
/// </summary>
internal static unsafe class RegisterShow
{
    private const uint Priority = 41;

    public static bool IsWanted => CommandWords.Has(Workshop.CommandLine, "show=registers"u8);

    public static void Run()
    {
        for (uint cpu = 0; cpu < Workshop.Facts->CpuCount; cpu++)
        {
            Worker worker = Worker.Make(Workshop.OwnSpace, cpu, Priority, Role.RegisterReader, new CapabilitySlot(cpu));
            worker.Start();
            // Then the CPU idles: in the kernel, whose registers are looked at from outside.
            while (worker.State != ThreadState.Waiting)
            {
                Processor.Yield();
            }
        }
        Console.Write("@registers ready\n"u8);
        Worker.WaitForEver();
    }

    /// <summary>On the CPU itself.</summary>
    public static void Read(uint cpu)
    {
        Show(cpu, 0x174, 0x176);
        Show(cpu, 0x17a, 0x17b);
        Show(cpu, 0x1d9, 0x1d9);
        Show(cpu, 0x277, 0x277);
        Show(cpu, 0x2ff, 0x2ff);
        Show(cpu, 0x400, 0x400);
        Show(cpu, 0xc000_0080, 0xc000_0084);
        Show(cpu, 0xc000_0100, 0xc000_0103);
        Show(cpu, CheckedRegister.ExtendedControl, CheckedRegister.ExtendedControl);
        new NotificationCapability(Workshop.Make(ObjectType.Notification, cpu)).Wait(out _);
    }

    private static void Show(uint cpu, ulong first, ulong last)
    {
        Span<byte> buffer = stackalloc byte[128];
        for (ulong number = first; number <= last; number++)
        {
            var frame = new SystemCallFrame
            {
                Number = (ulong)SystemCall.Invoke,
                Address = (ulong)InitialSlot.FirstCpuControl,
                Info = MessageInfo.Of((ulong)CheckingOperation.ReadRegister, MessageLimits.RegisterWords).Value,
                Word0 = number,
            };
            if (SystemCalls.Trap(ref frame) == Status.Ok)
            {
                var line = new TextBuilder(buffer);
                line.Append("@registers cpu="u8).AppendDecimal(cpu).Append(" number="u8).AppendHex(number);
                line.Append(" value="u8).AppendHex(frame.Word0).AppendLine();
                Console.Write(line.Text);
            }
        }
    }
}
