using System.Runtime;
using System.Threading;
using Internal.Runtime.CompilerHelpers;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Kernel.Cluster;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Panic;

/// <summary>
/// The kernel found itself broken: a report, and this cluster stands still. The others go on; QEMU ends if there are
/// none, if this was the boot cluster, whose core would have ended it, or if a test asked for it.
/// </summary>
internal static unsafe class KernelPanic
{
    public static uint ClusterId;
    public static bool EndsMachine;

    /// <summary>
    /// Written once. The root's core reads it in this kernel's copy, at the place that PanicSign and PanicSignTests know
    /// (docs/decisions/0090).
    /// </summary>
    private static uint begun;

    public static bool HasBegun => Volatile.Read(ref begun) != 0;

    public static void OnTrap(Cpu* cpu, KernelFrame* frame)
    {
        Begin(cpu);
        Console.Write(NameOf(frame->Vector));
        Console.Write(" (vector ");
        Console.WriteDecimal(frame->Vector);
        Console.Write(", error ");
        Console.WriteHex(frame->Error);
        Console.Write(")\n");
        if (frame->Vector == Vectors.MachineCheck)
        {
            MachineCheckReport.Write();
        }
        WriteRegisters(frame);
        Backtrace.Write(frame->Rip, ReadableStack(cpu, frame->Rsp), cpu->KernelStack);
        End(cpu);
    }

    /// <summary>
    /// A thread of the cluster's first program has faulted, and nobody hears of it. All else in the cluster hangs on that
    /// program, so nothing goes on.
    /// </summary>
    public static void OnFirstProgram(Cpu* cpu, Thread* thread)
    {
        Begin(cpu);
        Console.Write("the first program has faulted, and nobody hears of it: ");
        Console.Write(NameOf(thread->FaultLabel));
        Console.Write("\n");
        Line("rip ", thread->Rip, " rsp ", thread->Rsp, " w0  ", thread->FaultWord0, " w2  ", thread->FaultWord2);
        End(cpu);
    }

    /// <summary>The cluster can't start; core does not run yet.</summary>
    public static void OnStartup(string reason)
    {
        Begin(ClusterCpus.Own());
        Console.Write(reason);
        Console.Write("\n");
        End(ClusterCpus.Own());
    }

    /// <summary>Compiled code failed a check: a bound, an overflow, a null reference.</summary>
    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void OnFailure(uint reason)
    {
        Cpu* cpu = ClusterCpus.Own();
        Begin(cpu);
        Console.Write("failed check: ");
        Console.Write(NameOf((FailureReason)reason));
        Console.Write("\n");
        ulong here = (ulong)&reason;
        Backtrace.WriteCallers(here, cpu == null ? here + 512 : cpu->KernelStack);
        End(cpu);
    }

    private static void Begin(Cpu* cpu)
    {
        if (Interlocked.Exchange(ref begun, 1u) != 0)
        {
            // Another CPU of the cluster reports already.
            Hardware.HaltForever();
        }
        Console.Write("\nkernel panic: cluster ");
        Console.WriteDecimal(ClusterId);
        Console.Write(", CPU ");
        Console.WriteDecimal(cpu == null ? 0 : cpu->Index);
        Console.Write(": ");
    }

    private static void End(Cpu* cpu)
    {
        Console.Write("cluster ");
        Console.WriteDecimal(ClusterId);
        Console.Write(" stands still\n");
        if (EndsMachine)
        {
            Console.Write("@exit 17 kernel-panic\n");
            Hardware.Out8(ExitDevice.Port, (byte)ExitCode.KernelPanic);
        }
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* other = ClusterCpus.At(i);
            if (other != cpu && other != null)
            {
                LocalApic.SendNonMaskable(other->ApicId);
            }
        }
        Hardware.HaltForever();
    }

    /// <summary>After a stack overflow the stack pointer is in the guard page.</summary>
    private static ulong ReadableStack(Cpu* cpu, ulong stack)
    {
        ulong lowest = KernelLayout.StackTop(cpu->Index) - KernelLayout.StackSlotSize + UserLayout.PageSize;
        return stack >= lowest && stack < cpu->KernelStack ? stack : lowest;
    }

    private static void WriteRegisters(KernelFrame* frame)
    {
        Line("rip ", frame->Rip, " rsp ", frame->Rsp, " rfl ", frame->Rflags, " cr2 ", Hardware.ReadPageFaultAddress());
        Line("rax ", frame->Rax, " rbx ", frame->Rbx, " rcx ", frame->Rcx, " rdx ", frame->Rdx);
        Line("rsi ", frame->Rsi, " rdi ", frame->Rdi, " rbp ", frame->Rbp, " r8  ", frame->R8);
        Line("r9  ", frame->R9, " r10 ", frame->R10, " r11 ", frame->R11, " r12 ", frame->R12);
        Line("r13 ", frame->R13, " r14 ", frame->R14, " r15 ", frame->R15, " cs  ", frame->CodeSegment);
    }

    private static void Line(
        string name0,
        ulong value0,
        string name1,
        ulong value1,
        string name2,
        ulong value2,
        string name3,
        ulong value3
    )
    {
        Console.Write(name0);
        Console.WriteHex(value0);
        Console.Write(name1);
        Console.WriteHex(value1);
        Console.Write(name2);
        Console.WriteHex(value2);
        Console.Write(name3);
        Console.WriteHex(value3);
        Console.Write("\n");
    }

    private static string NameOf(ulong vector) =>
        vector switch
        {
            Vectors.DivideError => "divide error",
            Vectors.NonMaskable => "non-maskable interrupt",
            Vectors.DoubleFault => "double fault",
            Vectors.GeneralProtection => "general protection fault",
            Vectors.PageFault => "page fault",
            Vectors.MachineCheck => "machine check",
            _ => "unexpected exception",
        };

    /// <summary>With what stands in the report's words (docs/abi.md, Faults).</summary>
    private static string NameOf(FaultLabel label) =>
        label switch
        {
            FaultLabel.Page => "page fault (w0: address, w2: access)",
            FaultLabel.Exception => "exception (w0: vector, w2: error)",
            FaultLabel.UnknownSystemCall => "unknown system call (w0: number)",
            _ => "bad capability (w0: slot)",
        };

    private static string NameOf(FailureReason reason) =>
        reason switch
        {
            FailureReason.IndexOutOfRange => "index out of range",
            FailureReason.Overflow => "arithmetic overflow",
            FailureReason.DivideByZero => "division by zero",
            FailureReason.NullReference => "null reference",
            _ => "invalid program",
        };
}
