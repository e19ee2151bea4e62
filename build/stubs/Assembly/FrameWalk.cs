using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Kernel.Layout;

namespace Skerry.Stubs.Assembly;

/// <summary>
/// Follows all ways through a stub, with what each instruction does to the stack, and says for each instruction where the
/// caller is found. What it can't follow is unknown: no caller is better than a wrong one.
/// </summary>
internal static class FrameWalk
{
    /// <param name="code">64-bit instructions, as the assembler has them.</param>
    /// <param name="start">As it is before the first.</param>
    /// <returns>By the index of the instruction; those that can't be reached are missing.</returns>
    public static IReadOnlyDictionary<int, StubFrame> Of(IReadOnlyList<Instruction> code, StubFrame start)
    {
        var frames = new Dictionary<int, StubFrame>();
        var open = new Stack<(int Index, StubFrame Frame)>();
        open.Push((0, start));
        while (open.TryPop(out (int Index, StubFrame Frame) at))
        {
            if (at.Index >= code.Count)
            {
                continue;
            }
            StubFrame frame = at.Frame;
            if (frames.TryGetValue(at.Index, out StubFrame known))
            {
                // Ways that differ meet here.
                frame = known == frame ? known : StubFrame.Unknown;
                if (known == frame)
                {
                    continue;
                }
            }
            frames[at.Index] = frame;
            StubFrame after = After(code[at.Index], frame);
            foreach (int next in Next(code, at.Index))
            {
                open.Push((next, after));
            }
        }
        return frames;
    }

    private static StubFrame After(Instruction instruction, StubFrame frame)
    {
        if (frame.Place == CallerPlace.Unknown && !WritesStackPointer(instruction))
        {
            return frame;
        }
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Push or Mnemonic.Pushfq:
                bool isRegister = instruction.Op0Kind == OpKind.Register;
                return frame with { Pushed = [.. frame.Pushed, isRegister ? instruction.Op0Register : Register.None] };
            case Mnemonic.Pop or Mnemonic.Popfq when frame.Pushed.Length != 0:
                return frame with { Pushed = frame.Pushed[..^1] };
            case Mnemonic.Pop or Mnemonic.Popfq:
                // The hardware's frame, which is taken word by word into the thread, or a return address.
                return StubFrame.Unknown;
            default:
                return WritesStackPointer(instruction) ? AfterMove(instruction, frame) : frame;
        }
    }

    /// <summary>rsp gets another value, by an instruction that neither pushes nor pops.</summary>
    private static StubFrame AfterMove(Instruction instruction, StubFrame frame)
    {
        // The hardware aligns its frame, and what lies below it is made of pairs of words.
        bool changesNothing = instruction.Mnemonic == Mnemonic.And && frame.Place == CallerPlace.HardwareFrame;
        bool loads = instruction.Mnemonic == Mnemonic.Mov && instruction.Op1Kind == OpKind.Memory;
        bool isOfCpu = loads && instruction.MemorySegment == Register.GS;
        if (changesNothing)
        {
            return frame;
        }
        if (isOfCpu)
        {
            return instruction.MemoryDisplacement64 == CpuLayout.KernelStack ? StubFrame.OfThread : StubFrame.Unknown;
        }
        // Of the thread that is resumed, whose rip is in rcx by then.
        return loads && instruction.MemoryBase == Register.RAX ? StubFrame.SystemCall : StubFrame.Unknown;
    }

    private static bool WritesStackPointer(Instruction instruction) =>
        instruction.Mnemonic is not (Mnemonic.Cmp or Mnemonic.Test or Mnemonic.Push)
        && instruction.Op0Kind == OpKind.Register
        && instruction.Op0Register.GetFullRegister() == Register.RSP;

    private static IEnumerable<int> Next(IReadOnlyList<Instruction> code, int index)
    {
        Instruction instruction = code[index];
        bool goesOn =
            instruction.FlowControl
            is FlowControl.Next
                or FlowControl.Call
                or FlowControl.IndirectCall
                or FlowControl.ConditionalBranch
                or FlowControl.Interrupt;
        if (goesOn)
        {
            yield return index + 1;
        }
        if (instruction.IsJmpShortOrNear || instruction.IsJccShortOrNear)
        {
            // The assembler keeps a label as the number of the instruction behind it; another stub has other numbers.
            foreach (int target in Enumerable.Range(0, code.Count).Where(i => IsAt(code[i], instruction)))
            {
                yield return target;
            }
        }
    }

    private static bool IsAt(Instruction instruction, Instruction branch) =>
        instruction.IP != 0 && instruction.IP == branch.NearBranchTarget;
}
