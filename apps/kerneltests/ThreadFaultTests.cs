using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelTests;

/// <summary>System calls, exceptions and the end of a budget as faults, and what an answer to them can set.</summary>
internal static unsafe class ThreadFaultTests
{
    private const uint Low = 20;

    public static bool Run()
    {
        FaultReceiver.Open();
        return UnknownSystemCall() & MissingCapability() & Undefined() & Timeout() & NoTime();
    }

    private static bool UnknownSystemCall()
    {
        Worker worker = CodePage.Thread(0, Low, CodePage.Unknown);
        Workshop.Must(worker.Thread.SetBreakpoint(0, BreakpointKind.Execute, 1, CodePage.Unknown + 11));
        worker.Start();
        // Not asked for, it is a status.
        bool right = FaultReceiver.Receive(FaultLabel.Debug);
        right &= CodePage.Word(0) == (ulong)Status.UnknownSystemCall;
        Workshop.Must(worker.Thread.SetFaults(ThreadFaults.UnknownSystemCall));
        right &= FaultReceiver.NextWith(RegisterWords.Short, CodePage.Unknown, 0, FaultLabel.UnknownSystemCall);
        right &= FaultReceiver.Last.Word0 == 77 && FaultReceiver.Last.Word1 == CodePage.Unknown + 5;
        right &= FaultReceiver.NextWith(RegisterWords.Short, CodePage.Unknown + 7, 0x1234, FaultLabel.Debug);
        right &= CodePage.Word(0) == 0x1234;
        Workshop.Must(worker.Thread.Suspend());
        Workshop.Must(worker.Thread.ReadAllRegisters(out ulong ip, out _, out _, out ulong accumulator));
        right &= ip == CodePage.Unknown + 11 && accumulator == 0x1234;
        Console.Test("unknown-system-call-fault"u8, right, "rax"u8, accumulator);
        return right;
    }

    /// <summary>Whoever answers puts the capability there; the system call is made again.</summary>
    private static bool MissingCapability()
    {
        var notification = new NotificationCapability(Workshop.Make(ObjectType.Notification));
        Worker worker = CodePage.Thread(0, Low, CodePage.Signal);
        Workshop.Must(worker.Thread.SetFaults(ThreadFaults.All));
        Workshop.Must(worker.Thread.SetBreakpoint(3, BreakpointKind.Execute, 1, CodePage.Signal + 18));
        worker.Start();
        bool right = FaultReceiver.Receive(FaultLabel.Capability);
        right &= FaultReceiver.Last.Word0 == FaultReceiver.Missing.Value;
        right &= FaultReceiver.Last.Word2 == (ulong)SystemCall.Signal;
        right &= FaultReceiver.Last.Word1 == CodePage.Signal + 12;
        Workshop.Must(
            CapTableCapability.Own.Mint(
                FaultReceiver.Missing,
                CapTableCapability.Own,
                notification,
                NotificationRights.Signal,
                8
            )
        );
        right &= FaultReceiver.Next(FaultLabel.Debug) && CodePage.Word(0) == (ulong)Status.Ok;
        Workshop.Must(worker.Thread.Suspend());
        Workshop.Must(notification.Poll(out ulong bits));
        Console.Test("capability-fault"u8, right && bits == 8, "bits"u8, bits);
        return right && bits == 8;
    }

    private static bool Undefined()
    {
        Worker worker = CodePage.Thread(0, Low, CodePage.Undefined);
        Workshop.Must(worker.Thread.SetBreakpoint(1, BreakpointKind.Execute, 1, CodePage.Undefined + 7));
        worker.Start();
        bool right = FaultReceiver.Receive(FaultLabel.Exception) && FaultReceiver.Last.Word0 == 6;
        SetWord(RegisterWords.Rdx, 99);
        right &= FaultReceiver.NextWith(RegisterWords.Count, CodePage.Undefined + 2, 0, FaultLabel.Debug);
        right &= CodePage.Word(4) == 99;
        Workshop.Must(worker.Thread.Suspend());
        Console.Test("fault-answered-with-registers"u8, right, "rdx"u8, CodePage.Word(4));
        return right;
    }

    public static void SetWord(int register, ulong value)
    {
        ref MessageBuffer buffer = ref SystemCalls.MessageBuffer;
        for (int i = RegisterWords.Short; i < RegisterWords.Count; i++)
        {
            buffer.Words[i] = i == register ? value : 0;
        }
    }

    /// <summary>2 ms in every 20: each end of the budget is a fault, and after the answer it waits for the next.</summary>
    private static bool Timeout()
    {
        ulong millisecond = Workshop.Facts->TscHertz / 1000;
        Worker worker = CodePage.Thread(0, Low, CodePage.Count);
        Workshop.Must(worker.Context.Configure(2_000, 20_000, Workshop.Control(0)));
        Workshop.Must(worker.Thread.SetFaults(ThreadFaults.Timeout));
        ulong start = SystemCalls.ReadTimeStampCounter();
        worker.Start();
        bool right = FaultReceiver.Receive(FaultLabel.Timeout);
        ulong consumed = FaultReceiver.Last.Word0;
        // What is used beyond the budget is waited for too, and is much if the host stops the CPU meanwhile.
        ulong overrun = consumed - 2 * millisecond;
        ulong wait = 18 * millisecond + overrun / (2 * millisecond) * 20 * millisecond;
        right &= consumed >= 2 * millisecond && FaultReceiver.Last.Word2 <= wait;
        ulong counted = CodePage.Word(5);
        right &= FaultReceiver.Next(FaultLabel.Timeout);
        ulong both = (SystemCalls.ReadTimeStampCounter() - start) / millisecond;
        right &= FaultReceiver.Last.Word0 >= 4 * millisecond && both >= 21;
        // A host that stops the CPU may leave nothing of a budget for user mode.
        right &= CodePage.Word(5) > counted || !BenchLine.CountsInstructions(Workshop.CommandLine);
        Workshop.Must(worker.Thread.Suspend());
        Console.Test("timeout-fault"u8, right, "ms until the second"u8, both);
        return right;
    }

    /// <summary>Its context is deleted: that is a fault; given another, it goes on, until that one's budget ends.</summary>
    private static bool NoTime()
    {
        Worker worker = CodePage.Thread(0, Low, CodePage.Count);
        Workshop.Must(worker.Thread.SetFaults(ThreadFaults.NoTime | ThreadFaults.Timeout));
        worker.Start();
        Workshop.Must(CapTableCapability.Own.Delete(worker.Context.Slot));
        bool right = FaultReceiver.Receive(FaultLabel.Timeout);
        right &= FaultReceiver.Last.Word0 == 0 && FaultReceiver.Last.Word2 == FaultMessage.Never;
        ulong counted = CodePage.Word(5);
        var other = new SchedContextCapability(Workshop.Make(ObjectType.SchedContext));
        Workshop.Must(other.Configure(2_000, 20_000, Workshop.Control(0)));
        Workshop.Must(worker.Thread.SetScheduling(Low, other, Workshop.Control(0)));
        right &= FaultReceiver.Next(FaultLabel.Timeout);
        right &= FaultReceiver.Last.Word0 != 0 && FaultReceiver.Last.Word2 != FaultMessage.Never;
        // A host that stops the CPU may leave nothing of a budget for user mode.
        right &= CodePage.Word(5) > counted || !BenchLine.CountsInstructions(Workshop.CommandLine);
        Workshop.Must(worker.Thread.Suspend());
        Console.Test("no-time-fault"u8, right, "ticks consumed"u8, FaultReceiver.Last.Word0);
        return right;
    }
}
