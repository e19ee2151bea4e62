using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// Follows rsp, and rbp where it is a frame pointer, through a function. An interrupt in the kernel, or a signal-like
/// fault, may write below rsp at any time: there is no red zone.
/// </summary>
internal sealed class StackWalk
{
    private const int WordBytes = 8;

    private readonly Routine _routine;
    private readonly Dictionary<ulong, Instruction> _instructions;
    private readonly Dictionary<ulong, StackState> _states = [];
    private readonly Stack<(ulong Address, StackState State)> _open = [];
    private readonly List<(ulong, int)> _calls = [];
    private readonly List<Finding> _findings = [];
    private int _deepest;

    // The state at a jump through a table: what no other path reaches is reached from there.
    private StackState? _atTable;

    private StackWalk(Routine routine)
    {
        _routine = routine;
        _instructions = routine.Instructions.ToDictionary(instruction => instruction.IP);
    }

    public static StackUse Of(Routine routine)
    {
        var walk = new StackWalk(routine);
        walk.Follow(routine.Start, new StackState(0, null));
        foreach (Instruction instruction in routine.Instructions)
        {
            if (walk._atTable is { } state && !walk._states.ContainsKey(instruction.IP))
            {
                walk.Follow(instruction.IP, state);
            }
        }
        return new StackUse(walk._deepest, walk._calls, walk._findings);
    }

    private void Follow(ulong start, StackState first)
    {
        _open.Push((start, first));
        while (_open.TryPop(out (ulong Address, StackState State) at))
        {
            if (
                !_instructions.TryGetValue(at.Address, out Instruction instruction)
                || !_states.TryAdd(at.Address, at.State)
            )
            {
                continue;
            }
            CheckAccess(instruction, at.State);
            StackState after = After(instruction, at.State);
            _deepest = Math.Max(_deepest, after.Depth);
            NoteCall(instruction, at.State);
            foreach (ulong next in ControlFlow.Successors(_routine, instruction))
            {
                _open.Push((next, after));
            }
        }
    }

    private void CheckAccess(Instruction instruction, StackState state)
    {
        bool isAccess = instruction.Mnemonic is not (Mnemonic.Lea or Mnemonic.Nop) && HasMemoryOperand(instruction);
        if (!isAccess)
        {
            return;
        }
        int displacement = (int)instruction.MemoryDisplacement64;
        bool belowStack = instruction.MemoryBase == Register.RSP && displacement < 0;
        bool belowFrame =
            instruction.MemoryBase == Register.RBP
            && instruction.MemoryIndex == Register.None
            && state.FrameDepth is int frame
            && frame - displacement > state.Depth;
        if (belowStack || belowFrame)
        {
            _findings.Add(_routine.Finding(instruction, "access below rsp"));
        }
    }

    private void NoteCall(Instruction instruction, StackState state)
    {
        if (ControlFlow.IsStuffing(_routine, instruction))
        {
            return;
        }
        if (ControlFlow.IsDirectCall(instruction))
        {
            _calls.Add((instruction.NearBranchTarget, state.Depth + WordBytes));
        }
        else if (ControlFlow.IsDirectJump(instruction) && !_routine.Contains(instruction.NearBranchTarget))
        {
            _calls.Add((instruction.NearBranchTarget, state.Depth));
        }
        else if (instruction.FlowControl == FlowControl.IndirectBranch)
        {
            _atTable = state;
        }
        else if (instruction.FlowControl == FlowControl.IndirectCall)
        {
            _findings.Add(_routine.Finding(instruction, "cannot be followed"));
        }
    }

    private StackState After(Instruction instruction, StackState state)
    {
        if (instruction.Mnemonic == Mnemonic.Leave && state.FrameDepth is int saved)
        {
            return new StackState(saved - WordBytes, null);
        }
        if (Writes(instruction, Register.RBP))
        {
            return state with
            {
                Depth = state.Depth - instruction.StackPointerIncrement,
                FrameDepth = FrameAfter(instruction, state),
            };
        }
        if (!Writes(instruction, Register.RSP))
        {
            // A call's own push is undone by the return.
            bool isCall =
                instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall
                && !ControlFlow.IsStuffing(_routine, instruction);
            return isCall ? state : state with { Depth = state.Depth - instruction.StackPointerIncrement };
        }
        return state with { Depth = DepthAfter(instruction, state) };
    }

    private static int? FrameAfter(Instruction instruction, StackState state)
    {
        if (instruction.Mnemonic == Mnemonic.Mov && instruction.Op1Register == Register.RSP)
        {
            return state.Depth;
        }
        bool isFrame = instruction.Mnemonic == Mnemonic.Lea && instruction.MemoryBase == Register.RSP;
        return isFrame ? state.Depth - (int)instruction.MemoryDisplacement64 : null;
    }

    private int DepthAfter(Instruction instruction, StackState state)
    {
        int immediate = instruction.Op1Kind switch
        {
            OpKind.Immediate8to64 => (int)instruction.Immediate8to64,
            OpKind.Immediate32to64 => (int)instruction.Immediate32to64,
            _ => 0,
        };
        switch (instruction.Mnemonic)
        {
            case Mnemonic.Sub:
                return state.Depth + immediate;
            case Mnemonic.Add:
                return state.Depth - immediate;
            case Mnemonic.And:
                // Aligning costs at most what it aligns to.
                return state.Depth - immediate;
            case Mnemonic.Lea when instruction.MemoryBase == Register.RSP:
                return state.Depth - (int)instruction.MemoryDisplacement64;
            case Mnemonic.Lea when instruction.MemoryBase == Register.RBP && state.FrameDepth is int frame:
                return frame - (int)instruction.MemoryDisplacement64;
            case Mnemonic.Mov when instruction.Op1Register == Register.RBP && state.FrameDepth is int kept:
                return kept;
            case Mnemonic.Mov:
                // A stub that changes to another stack.
                return 0;
            default:
                _findings.Add(_routine.Finding(instruction, "the stack pointer cannot be followed"));
                return state.Depth;
        }
    }

    private static bool HasMemoryOperand(Instruction instruction) =>
        Enumerable.Range(0, instruction.OpCount).Any(index => instruction.GetOpKind(index) == OpKind.Memory);

    /// <summary>Pushes, pops and calls write rsp, too, but not as their operand.</summary>
    private static bool Writes(Instruction instruction, Register register) =>
        instruction.OpCount > 0
        && instruction.Op0Kind == OpKind.Register
        && instruction.Op0Register == register
        && instruction.Mnemonic is not (Mnemonic.Push or Mnemonic.Cmp or Mnemonic.Test);
}
