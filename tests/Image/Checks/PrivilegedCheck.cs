using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>Instructions that only the kernel's ring may run stand in the stubs that are made for them, and nowhere else.</summary>
internal static class PrivilegedCheck
{
    /// <summary>What Iced does not count as privileged, but no component has a use for.</summary>
    private static readonly HashSet<Mnemonic> _further =
    [
        Mnemonic.Iret,
        Mnemonic.Iretd,
        Mnemonic.Iretq,
        Mnemonic.Monitor,
        Mnemonic.Mwait,
        Mnemonic.Rdpmc,
        Mnemonic.Wrfsbase,
        Mnemonic.Wrgsbase,
        Mnemonic.Stac,
        Mnemonic.Clac,
        Mnemonic.Vmcall,
    ];

    /// <param name="code">The image.</param>
    /// <param name="allowed">Which stub may have which instructions.</param>
    public static IReadOnlyList<Finding> Run(
        MachineCode code,
        IReadOnlyDictionary<string, IReadOnlySet<Mnemonic>> allowed
    ) =>
        (
            from entry in ControlFlow.All(code)
            where entry.Instruction.IsPrivileged || _further.Contains(entry.Instruction.Mnemonic)
            where
                !allowed.TryGetValue(entry.Routine.Name, out IReadOnlySet<Mnemonic>? mnemonics)
                || !mnemonics.Contains(entry.Instruction.Mnemonic)
            select entry.Routine.Finding(entry.Instruction, "privileged instruction")
        ).ToArray();
}
