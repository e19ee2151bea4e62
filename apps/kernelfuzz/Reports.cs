using System;
using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;
using Skerry.Base.Text;

namespace Skerry.Apps.KernelFuzz;

/// <summary>The lines of a run (docs/serial-lines.md).</summary>
internal static unsafe class Reports
{
    private const int LineBytes = 256;

    public static void Begin(ulong seed, ulong calls)
    {
        byte* buffer = stackalloc byte[LineBytes];
        var line = new TextBuilder(new Span<byte>(buffer, LineBytes));
        line.Append("@fuzz begin seed="u8).AppendDecimal(seed).Append(" calls="u8).AppendDecimal(calls);
        line.Append(" cpus="u8).AppendDecimal(Supervisor.Cpus).AppendLine();
        Console.Write(line.Text);
    }

    public static void Progress(ReadOnlySpan<byte> what, ulong eras)
    {
        byte* buffer = stackalloc byte[LineBytes];
        var line = new TextBuilder(new Span<byte>(buffer, LineBytes));
        ref Board board = ref Board.Shared;
        line.Append("@fuzz "u8).Append(what).Append(" calls="u8).AppendDecimal(board.Calls);
        line.Append(" checks="u8).AppendDecimal(Checks.Made).Append(" eras="u8).AppendDecimal(eras);
        line.Append(" objects="u8).AppendDecimal(Checks.MostObjects);
        line.Append(" resumed="u8).AppendDecimal(board.Resumed).Append(" restarted="u8).AppendDecimal(board.Restarted);
        line.Append(" stalled="u8).AppendDecimal(board.Stalled).Append(" faults="u8).AppendDecimal(board.FaultsMapped);
        line.AppendLine();
        Console.Write(line.Text);
    }

    public static void Broken(ulong rule, ulong address)
    {
        byte* buffer = stackalloc byte[LineBytes];
        var line = new TextBuilder(new Span<byte>(buffer, LineBytes));
        line.Append("@fuzz broken rule="u8).AppendDecimal(rule).Append(" address="u8).AppendHex(address);
        line.Append(" calls="u8).AppendDecimal(Board.Shared.Calls).AppendLine();
        Console.Write(line.Text);
    }

    /// <summary>A worker that does not get on although it is started anew again and again.</summary>
    public static void Stalled(uint worker, ThreadRegisters registers)
    {
        byte* buffer = stackalloc byte[LineBytes];
        var line = new TextBuilder(new Span<byte>(buffer, LineBytes));
        line.Append("@fuzz stalled worker="u8).AppendDecimal(worker);
        line.Append(" state="u8).AppendDecimal((ulong)registers.State);
        line.Append(" ip="u8).AppendHex(registers.InstructionPointer);
        line.Append(" sp="u8).AppendHex(registers.StackPointer);
        line.Append(" calls="u8).AppendDecimal(Board.Shared.Calls).AppendLine();
        Console.Write(line.Text);
    }

    /// <summary>How often each kind of call was made, and how often it came to Ok.</summary>
    public static void Shapes()
    {
        byte* buffer = stackalloc byte[LineBytes];
        for (uint i = 0; i < KernelFuzz.Shapes.TouchIndex; i++)
        {
            Shape shape = KernelFuzz.Shapes.At(i);
            var line = new TextBuilder(new Span<byte>(buffer, LineBytes));
            line.Append("@fuzz shape call="u8).AppendDecimal((ulong)shape.Call);
            line.Append(" type="u8)
                .AppendDecimal((ulong)shape.Type)
                .Append(" operation="u8)
                .AppendDecimal(shape.Operation);
            line.Append(" made="u8).AppendDecimal(Board.Shared.Attempts[(int)i]);
            line.Append(" ok="u8).AppendDecimal(Board.Shared.Successes[(int)i]).AppendLine();
            Console.Write(line.Text);
        }
    }

    public static void Scenes()
    {
        byte* buffer = stackalloc byte[LineBytes];
        for (uint i = 0; i < (uint)Scene.Count; i++)
        {
            var line = new TextBuilder(new Span<byte>(buffer, LineBytes));
            line.Append("@fuzz scene number="u8).AppendDecimal(i);
            line.Append(" made="u8).AppendDecimal(Board.Shared.Scenes.Made(i));
            line.Append(" ok="u8).AppendDecimal(Board.Shared.Scenes.Ok(i)).AppendLine();
            Console.Write(line.Text);
        }
    }

    public static void Failure(ReadOnlySpan<byte> reason, ulong value)
    {
        byte* buffer = stackalloc byte[LineBytes];
        var line = new TextBuilder(new Span<byte>(buffer, LineBytes));
        line.Append("@fuzz failed reason="u8).Append(reason).Append(" value="u8).AppendDecimal(value);
        line.Append(" calls="u8).AppendDecimal(Board.Shared.Calls).AppendLine();
        Console.Write(line.Text);
        Console.End(ExitCode.TestFailure);
    }
}
