using System;
using System.Collections.Generic;
using System.Linq;
using Skerry.Tests.Image.Code;

namespace Skerry.Tests.Image.Checks;

/// <summary>
/// Which functions of a server call another server, and for whom: the generated clients that are allowed, from the places that
/// are. Names of functions are what is compared; a capability's owner is not seen.
/// </summary>
internal static class ServerCallCheck
{
    private const string Stub = "SystemCallStub";
    private const string Transport = "_LocalTransport__";
    private const string Client = "Client_1<";

    /// <summary>Types whose functions make other system calls: operations, signals, receiving and answering.</summary>
    private static readonly string[] _others =
    [
        "_DoorbellCapability__",
        "_Invocation__",
        "_NotificationCapability__",
        "_Processor__",
        "_Entrypoint__",
        "_HeldCallers__",
        "_Keeper__",
        "_Pager__",
    ];

    /// <param name="code">The image.</param>
    /// <param name="clients">Part of the name of each function that may call.</param>
    /// <param name="askers">Part of the name of each function that may use one of those.</param>
    public static IReadOnlyList<Finding> Run(MachineCode code, string[] clients, string[] askers) =>
        (
            from entry in ControlFlow.All(code)
            where ControlFlow.IsDirectCall(entry.Instruction) || ControlFlow.IsDirectJump(entry.Instruction)
            let target = code.StartingAt(entry.Instruction.NearBranchTarget)
            where target != null && target != entry.Routine
            let reason = Reason(entry.Routine.Name, target.Name, clients, askers)
            where reason != null
            select entry.Routine.Finding(entry.Instruction, reason)
        ).ToArray();

    private static string? Reason(string from, string to, string[] clients, string[] askers)
    {
        bool mayCall = Has(from, clients) || from.Contains(Transport);
        return to == Stub && !mayCall && !Has(from, _others) ? "makes a system call"
            : to.Contains(Transport) && !mayCall ? "calls"
            : to.Contains(Client) && !Has(from, askers) ? "asks a client"
            : null;
    }

    private static bool Has(string name, string[] parts) =>
        parts.Any(part => name.Contains(part, StringComparison.Ordinal));
}
