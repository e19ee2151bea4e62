using Skerry.Abi;

namespace Skerry.Kernel.Operations;

/// <summary>
/// The counters as user level reads them. The fastpath counts in fields of its own, and no entry is counted twice, so
/// some are sums. Read without stopping the CPU: each is exact, but two of them may be of different moments.
/// </summary>
internal static unsafe class CounterReading
{
    public static Status Read(Cpu* target, InvocationArguments arguments)
    {
        ulong first = arguments.Word0;
        if (first >= (ulong)CpuCounter.Count)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        return arguments.Return(
            Value(target, first),
            Value(target, first + 1),
            Value(target, first + 2),
            Value(target, first + 3)
        );
    }

    private static ulong Value(Cpu* cpu, ulong index) =>
        (CpuCounter)index switch
        {
            CpuCounter.FastMessages => cpu->FastMessages,
            CpuCounter.FastSignals => cpu->FastSignals,
            CpuCounter.ShortCalls => cpu->ShortCalls,
            CpuCounter.FaultsMapped => Raw(cpu, CpuCounter.FaultsMapped) + Raw(cpu, CpuCounter.FastMappings),
            CpuCounter.Entries => SystemCalls(cpu) + Faults(cpu) + Interrupts(cpu),
            _ => index < (ulong)CpuCounter.Count ? cpu->Counters[(int)index] : 0,
        };

    private static ulong SystemCalls(Cpu* cpu) =>
        cpu->FastMessages
        + cpu->ShortCalls
        + cpu->FastSignals
        + Raw(cpu, CpuCounter.FastMappings)
        + Raw(cpu, CpuCounter.SlowSystemCalls);

    private static ulong Faults(Cpu* cpu) => Raw(cpu, CpuCounter.FaultsDelivered) + Raw(cpu, CpuCounter.Exceptions);

    private static ulong Interrupts(Cpu* cpu) =>
        Raw(cpu, CpuCounter.TimerInterrupts)
        + Raw(cpu, CpuCounter.DeviceInterrupts)
        + Raw(cpu, CpuCounter.DoorbellsReceived)
        + Raw(cpu, CpuCounter.RequestInterrupts)
        + Raw(cpu, CpuCounter.RendezvousInterrupts)
        + Raw(cpu, CpuCounter.SpuriousInterrupts);

    private static ulong Raw(Cpu* cpu, CpuCounter counter) => cpu->Counters[(int)counter];
}
