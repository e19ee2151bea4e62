using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// Threads that move to another CPU while they run, are ready, wait or have faulted. The thread that moves tells by CPUID
/// where it is. Nothing to do on one CPU.
/// </summary>
internal static unsafe class MigrationTests
{
    private const uint Priority = 45;
    private const uint Rounds = 20;

    /// <summary>Of the data page: where the thread says which processor it is on, and counts.</summary>
    private const int Place = 6;

    private static Table processors;
    private static ulong wrong;

    private static uint Cpus => Workshop.Facts->CpuCount;

    public static bool Run()
    {
        if (Cpus < 2)
        {
            return true;
        }
        for (uint cpu = 0; cpu < Cpus; cpu++)
        {
            Worker worker = Walker(cpu, CodePage.Where);
            worker.Start();
            processors[(int)cpu] = Where();
            Workshop.Must(worker.Thread.Suspend());
        }
        return Running() & Ready() & Waiting() & Faulted() & IdleStaysIdle();
    }

    /// <summary>It leaves time to all others: 1 ms in every 4.</summary>
    private static Worker Walker(uint cpu, ulong routine)
    {
        Worker worker = CodePage.Thread(cpu, Priority, routine, CodePage.Data + 8 * Place);
        Workshop.Must(worker.Context.Configure(1_000, 4_000, Workshop.Control(cpu)));
        return worker;
    }

    /// <summary>The processor that the running one is on, after it has been there for two rounds.</summary>
    private static ulong Where()
    {
        ulong count = Volatile.Read(ref CodePage.Word(Place + 1));
        while (Volatile.Read(ref CodePage.Word(Place + 1)) < count + 2)
        {
            Processor.Yield();
        }
        return Volatile.Read(ref CodePage.Word(Place));
    }

    private static void Expect(uint cpu) => wrong += Where() == processors[(int)cpu] ? 0u : 1u;

    private static bool Report(System.ReadOnlySpan<byte> name)
    {
        bool right = wrong == 0;
        Console.Test(name, right, "wrong"u8, wrong);
        wrong = 0;
        return right;
    }

    private static bool Running()
    {
        Worker worker = Walker(0, CodePage.Where);
        worker.Start();
        for (uint i = 1; i < Rounds; i++)
        {
            Workshop.Must(worker.Thread.SetCpu(Workshop.Control(i % Cpus)));
            Expect(i % Cpus);
        }
        Workshop.Must(worker.Thread.Suspend());
        return Report("migrate-running"u8);
    }

    /// <summary>Something better runs where it is, so that it has never run when it moves.</summary>
    private static bool Ready()
    {
        Worker better = CodePage.Thread(1, Priority + 1, CodePage.Count);
        Worker worker = Walker(1, CodePage.Where);
        better.Start();
        for (uint i = 0; i < Rounds; i++)
        {
            worker.Start();
            wrong += worker.State == ThreadState.Ready ? 0u : 1u;
            Workshop.Must(worker.Thread.SetCpu(Workshop.Control(0)));
            Expect(0);
            Workshop.Must(worker.Thread.Suspend());
            Workshop.Must(worker.Thread.SetCpu(Workshop.Control(1)));
        }
        Workshop.Must(better.Thread.Suspend());
        return Report("migrate-ready"u8);
    }

    /// <summary>A receive, and a wait for a notification, end with WrongCpu.</summary>
    private static bool Waiting()
    {
        MoveWaiting(CodePage.Receive, ThreadState.Receiving);
        MoveWaiting(CodePage.Wait, ThreadState.Waiting);
        return Report("migrate-waiting"u8);
    }

    private static void MoveWaiting(ulong routine, ThreadState state)
    {
        Worker worker = Walker(1, routine);
        worker.Start();
        while (worker.State != state)
        {
            Processor.Yield();
        }
        Workshop.Must(worker.Thread.SetCpu(Workshop.Control(Cpus - 1 == 1 ? 0 : Cpus - 1)));
        Expect(Cpus - 1 == 1 ? 0 : Cpus - 1);
        wrong += CodePage.Word(0) == (ulong)Status.WrongCpu ? 0u : 1u;
        Workshop.Must(worker.Thread.Suspend());
    }

    /// <summary>Its fault is answered on the CPU it happened on; its next one goes to the pager of the CPU it is then on.</summary>
    private static bool Faulted()
    {
        EndpointCapability first = FaultReceiver.Endpoint;
        EndpointCapability remote = FaultReceiver.Listen(1);
        Worker worker = Walker(1, CodePage.Undefined);
        FaultReceiver.MoveTo(remote, 1);
        worker.Start();
        wrong += FaultReceiver.Receive(FaultLabel.Exception) ? 0u : 1u;
        wrong += FaultReceiver.Last.Badge == FaultReceiver.FirstBadge + 1 ? 0u : 1u;
        Workshop.Must(worker.Thread.SetCpu(Workshop.Control(0)));
        wrong += worker.State == ThreadState.Faulted ? 0u : 1u;
        ThreadFaultTests.SetWord(RegisterWords.Rdi, CodePage.Data + 8 * Place);
        FaultReceiver.Answer(RegisterWords.Count, CodePage.Where, 0);
        Expect(0);
        Workshop.Must(worker.Thread.WriteAllRegisters(CodePage.Undefined, CodePage.Data, 0, 0));
        FaultReceiver.MoveTo(first, 0);
        wrong += FaultReceiver.Receive(FaultLabel.Exception) ? 0u : 1u;
        wrong += FaultReceiver.Last.Badge == FaultReceiver.FirstBadge ? 0u : 1u;
        Workshop.Must(worker.Thread.Suspend());
        return Report("migrate-faulted"u8);
    }

    /// <summary>
    /// A CPU that has nothing to do takes no timer interrupt, but for one that had come for what ran before and was not
    /// taken yet. One that went on ticking would take ten.
    /// </summary>
    private static bool IdleStaysIdle()
    {
        var cpu = new CpuControlCapability(new CapabilitySlot((uint)InitialSlot.FirstCpuControl + Cpus - 1));
        Workshop.Must(cpu.ReadCounters(out CpuCounters before));
        ulong start = SystemCalls.ReadTimeStampCounter();
        while (SystemCalls.ReadTimeStampCounter() - start < Workshop.Facts->TscHertz / 10)
        {
            Processor.Yield();
        }
        Workshop.Must(cpu.ReadCounters(out CpuCounters after));
        ulong taken = after[CpuCounter.TimerInterrupts] - before[CpuCounter.TimerInterrupts];
        wrong = taken <= 1 ? 0 : taken;
        return Report("idle-stays-idle"u8);
    }

    [InlineArray(Abi.Boot.BootInformation.MaximumCpus)]
    private struct Table
    {
        private ulong _processor;
    }
}
