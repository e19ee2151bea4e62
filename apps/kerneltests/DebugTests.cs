using Skerry.Abi;

namespace Skerry.Apps.KernelTests;

/// <summary>Single step through known instructions, and breakpoints on a write and on an instruction.</summary>
internal static class DebugTests
{
    private const uint Low = 20;
    private const ulong StepBit = 1 << 14;

    public static bool Run() => Steps() & Breakpoints();

    private static bool Steps()
    {
        // Behind nop, inc, add, jmp, nop, mov; the system call and the nop behind it are one step.
        System.ReadOnlySpan<byte> expected = "\x01\x04\x07\x09\x0a\x0f\x12\x12"u8;
        Worker worker = CodePage.Thread(0, Low, CodePage.Steps);
        Workshop.Must(worker.Thread.SetSingleStep(true));
        worker.Start();
        bool right = FaultReceiver.Receive(FaultLabel.Debug);
        ulong wrong = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            bool isThere = right && FaultReceiver.Last.Word1 == CodePage.Steps + expected[i];
            wrong += isThere && FaultReceiver.Last.Word0 == StepBit ? 0u : 1u;
            right = FaultReceiver.Next(FaultLabel.Debug);
        }
        Workshop.Must(worker.Thread.Suspend());
        Console.Test("single-step"u8, wrong == 0, "wrong steps"u8, wrong);
        return wrong == 0;
    }

    private static bool Breakpoints()
    {
        Worker worker = CodePage.Thread(0, Low, CodePage.Writes);
        Workshop.Must(worker.Thread.SetBreakpoint(0, BreakpointKind.Write, 8, CodePage.Data + 16));
        Workshop.Must(worker.Thread.SetBreakpoint(1, BreakpointKind.Execute, 1, CodePage.Writes + 10));
        Workshop.Must(worker.Thread.SetBreakpoint(2, BreakpointKind.Execute, 1, CodePage.Writes + 16));
        worker.Start();
        bool right = FaultReceiver.Receive(FaultLabel.Debug) && CodePage.Word(2) == 5;
        right &= Is(1, CodePage.Writes + 9, CodePage.Data + 16);
        // An instruction strikes before it is executed, once.
        right &= FaultReceiver.Next(FaultLabel.Debug) && CodePage.Word(3) == 0;
        right &= Is(2, CodePage.Writes + 10, CodePage.Writes + 10);
        right &= FaultReceiver.Next(FaultLabel.Debug) && CodePage.Word(3) == 1;
        right &= Is(4, CodePage.Writes + 16, CodePage.Writes + 16);
        Workshop.Must(worker.Thread.Suspend());
        Console.Test("breakpoints"u8, right, "cause of the last"u8, FaultReceiver.Last.Word0);
        return right;
    }

    private static bool Is(ulong cause, ulong ip, ulong address) =>
        FaultReceiver.Last.Word0 == cause && FaultReceiver.Last.Word1 == ip && FaultReceiver.Last.Word2 == address;
}
