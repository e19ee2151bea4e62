using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// With mitigations a door is entered on page tables that map the doors, the CPU's block and the entry stack alone. So
/// until CR3 has the kernel's root, and after it has the user's, nothing else is touched; and nobody returns to user mode
/// on the kernel's.
/// </summary>
internal static class RootSwitchCheck
{
    private enum Root
    {
        User,
        Kernel,
    }

    /// <param name="code">The image.</param>
    /// <param name="doors">Where the processor enters.</param>
    /// <param name="start">Of the text that user mode's page tables map.</param>
    /// <param name="end">Behind it.</param>
    public static IReadOnlyList<Finding> Run(MachineCode code, IEnumerable<string> doors, ulong start, ulong end)
    {
        var findings = new List<Finding>();
        var seen = new HashSet<(ulong, Root)>();
        var open = new Stack<(ulong Address, Root Root)>(doors.Select(door => (code[door].Start, Root.User)));
        while (open.TryPop(out (ulong Address, Root Root) at))
        {
            if (!seen.Add(at) || !code.TryGetAt(at.Address, out Routine routine, out Instruction instruction))
            {
                continue;
            }
            bool isMapped = at.Address >= start && at.Address < end;
            if (Reason(routine, instruction, at.Root, isMapped) is { } reason)
            {
                findings.Add(routine.Finding(instruction, reason));
            }
            foreach (ulong next in ControlFlow.Successors(routine, instruction))
            {
                open.Push((next, After(routine, instruction, at.Root)));
            }
        }
        return findings;
    }

    private static string? Reason(Routine routine, Instruction instruction, Root root, bool isMapped)
    {
        if (instruction.Mnemonic is Mnemonic.Sysretq or Mnemonic.Iretq)
        {
            return root == Root.User ? null : "returns on the kernel's root";
        }
        if (LoadsRoot(instruction) && Loaded(routine, instruction) is null)
        {
            return "a root that cannot be followed";
        }
        if (root == Root.Kernel)
        {
            return null;
        }
        if (!isMapped)
        {
            return "runs what is not mapped";
        }
        if (instruction.FlowControl is FlowControl.Call or FlowControl.IndirectCall or FlowControl.IndirectBranch)
        {
            return "calls on the user's root";
        }
        return TouchesOther(instruction) ? "touches what is not mapped" : null;
    }

    private static Root After(Routine routine, Instruction instruction, Root root) =>
        LoadsRoot(instruction) ? Loaded(routine, instruction) ?? root : root;

    private static bool LoadsRoot(Instruction instruction) =>
        instruction.Mnemonic == Mnemonic.Mov && instruction.Op0Register == Register.CR3;

    /// <summary>The kernel's word from the CPU's block, or what has been combined with user mode's bits and perhaps a flush.</summary>
    private static Root? Loaded(Routine routine, Instruction load)
    {
        Instruction[] before =
        [
            .. routine
                .Instructions.Where(instruction => instruction.IP < load.IP)
                .Reverse()
                .SkipWhile(instruction =>
                    instruction.Mnemonic == Mnemonic.Btr && instruction.Op0Register == load.Op1Register
                )
                .Take(1),
        ];
        if (before is not [{ MemorySegment: Register.GS } made] || made.Op0Register != load.Op1Register)
        {
            return null;
        }
        return (made.Mnemonic, made.MemoryDisplacement64) switch
        {
            (Mnemonic.Mov, CpuLayout.KernelRoot) => Root.Kernel,
            (Mnemonic.Or, CpuLayout.UserRootBits) => Root.User,
            _ => null,
        };
    }

    private static bool TouchesOther(Instruction instruction) =>
        Enumerable.Range(0, instruction.OpCount).Any(index => instruction.GetOpKind(index) == OpKind.Memory)
        && instruction.MemorySegment != Register.GS
        && instruction.MemoryBase != Register.RSP;
}
