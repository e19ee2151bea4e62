using System.Runtime;
using System.Threading;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Layout;
using Skerry.Base.Text;

namespace Skerry.Apps.KernelFuzz;

/// <summary>
/// Random but plausible system calls on all CPUs of the cluster, in core's place. In eras: a playground is built, workers
/// make calls in it, and everything is revoked under their feet; then all memory and no capability must be left.
/// </summary>
internal static class Program
{
    /// <summary>ThreadMain's argument: one of these, and a number below. All others are threads that chance has made.</summary>
    public const ulong WorkerArgument = 0x5ca1_ab1e_0000_0000;
    public const ulong SupervisorArgument = 0x0b5e_55ed_0000_0000;
    public const ulong WakerArgument = 0x3a1e_0000_0000_0000;
    private const ulong NumberMask = uint.MaxValue;

    private const ulong DefaultCalls = 100_000;
    private const ulong DefaultEra = 20_000;
    private const ulong ProgressInterval = 5_000;

    private static ulong eras;
    private static ulong told;

    [RuntimeExport(ComponentEntryPoints.ComponentMain)]
    private static unsafe void Main(ulong argument)
    {
        Workshop.Open();
        if ((Workshop.Facts->Flags & Abi.Boot.BootFlags.Root) == 0)
        {
            new ThreadCapability(new CapabilitySlot((uint)InitialSlot.Thread)).Suspend();
        }
        ulong seed = CommandWords.Number(Workshop.CommandLine, "seed="u8, 1);
        ulong calls = CommandWords.Number(Workshop.CommandLine, "calls="u8, DefaultCalls);
        ulong era = CommandWords.Number(Workshop.CommandLine, "era="u8, DefaultEra);
        ulong damage = CommandWords.Number(Workshop.CommandLine, "damage="u8, 0);
        Supervisor.Cpus = Workshop.Facts->CpuCount;
        Playground.Open();
        Supervisor.MakeThreads();
        Reports.Begin(seed, calls);
        Run(seed, calls, era, damage);
        if (Board.Shared.UnknownSelectorsThatWorked != 0)
        {
            Reports.Failure("unknown-selectors"u8, Board.Shared.UnknownSelectorsThatWorked);
        }
        if (Board.Shared.StateLost != 0)
        {
            Reports.Failure("lost-state"u8, Board.Shared.StateLost);
        }
        Reports.Shapes();
        Reports.Scenes();
        Console.End(ExitCode.Success);
    }

    private static void Run(ulong seed, ulong calls, ulong era, ulong damage)
    {
        Supervisor.TakeCpus();
        Checks.Make();
        ulong capabilities = Checks.Capabilities;
        while (Board.Shared.Calls < calls)
        {
            Playground.Build(Draw.Mix(seed) + eras * Board.MaximumWorkers);
            ulong end = Board.Shared.Calls + era;
            Board.Shared.EraEnd = end < calls ? end : calls;
            // Before the first worker and until the last is gone: one may park this CPU, which others must wake.
            Supervisor.StartThreads();
            for (uint i = 0; i < Workers.Count; i++)
            {
                Workers.Start(i);
            }
            RunEra(damage);
            Playground.Revoke();
            Supervisor.StopThreads();
            Supervisor.TakeCpus();
            if (!Playground.IsWhole())
            {
                Reports.Failure("leaked-memory"u8, eras);
            }
            Checks.Make();
            if (Checks.Capabilities != capabilities)
            {
                Reports.Failure("leaked-capabilities"u8, Checks.Capabilities - capabilities);
            }
            eras++;
        }
        Reports.Progress("end"u8, eras);
    }

    private static void RunEra(ulong damage)
    {
        ref Board board = ref Board.Shared;
        bool well = true;
        while (well && !Board.IsAtEnd)
        {
            well = Supervisor.SleepUntilNeeded();
            ulong calls = Volatile.Read(ref board.Calls);
            if (calls - board.CheckedAt >= Board.CheckInterval)
            {
                if (damage != 0 && !Checks.Damage(damage))
                {
                    Reports.Failure("no-such-damage"u8, damage);
                }
                Checks.Make();
                Playground.Restock();
                TellNowAndThen(calls);
                Volatile.Write(ref board.CheckedAt, calls);
            }
        }
        board.Stalled += well ? 0ul : 1;
    }

    private static void TellNowAndThen(ulong calls)
    {
        if (calls - told >= ProgressInterval)
        {
            told = calls;
            Reports.Progress("progress"u8, eras);
        }
    }

    [RuntimeExport(ComponentEntryPoints.ThreadMain)]
    private static void ThreadMain(ulong argument)
    {
        ulong number = argument & NumberMask;
        ulong kind = argument & ~NumberMask;
        if (kind == SupervisorArgument)
        {
            Supervisor.Run((uint)number);
        }
        if (kind == WakerArgument)
        {
            Supervisor.RunWaker((uint)number);
        }
        if (kind != WorkerArgument || number >= Board.MaximumWorkers)
        {
            Work.RunWild(argument);
        }
        ref WorkerRecord record = ref Board.Shared.Records[(int)number];
        if (number % Layout.WorkersPerCpu == 0)
        {
            Pager.Run(ref record);
        }
        Work.Run((uint)number, ref record);
    }

    [RuntimeExport(RuntimeSymbols.RuntimeFailure)]
    private static void OnFailure(uint reason) => Reports.Failure("failed-check"u8, reason);
}
