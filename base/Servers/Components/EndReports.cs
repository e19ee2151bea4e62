using System;
using Skerry.Abi;
using Skerry.Base.RegionMaps;
using Skerry.Base.Startup;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Components;

/// <summary>How a child's end reads.</summary>
public static unsafe class EndReports
{
    /// <summary>One line: which server, which child, what, and for a fault the address and where the program was.</summary>
    public static void Write(ReadOnlySpan<byte> server, Child* child, ref TextBuilder text)
    {
        text.Append(server).Append(": child "u8).Append(child->Name.Text);
        if (child->State == ChildState.Exited)
        {
            WriteExit(child->ExitValue, ref text);
            return;
        }
        ref CrashReport crash = ref child->Crash;
        text.Append(" faulted: "u8);
        switch (crash.Kind)
        {
            case FaultLabel.Page:
                text.Append(Access(crash.Access)).AppendHex(crash.Detail);
                text.Append(" ("u8).Append(Reason(crash.Outcome));
                text.Append(IsBelowAStack(crash) ? ", below a stack: it is used up"u8 : default).Append((byte)')');
                break;
            case FaultLabel.Exception:
                text.Append(Exception(crash.Detail));
                break;
            case FaultLabel.UnknownSystemCall:
                text.Append("unknown system call "u8).AppendDecimal(crash.Detail);
                break;
            default:
                text.Append("bad capability "u8).AppendHex(crash.Detail);
                break;
        }
        text.Append(" at ip "u8).AppendHex(crash.InstructionPointer).AppendLine();
    }

    private static void WriteExit(ulong value, ref TextBuilder text)
    {
        ReadOnlySpan<byte> failure = FailureNames.OfExit(value);
        if (failure.IsEmpty)
        {
            text.Append(" exited with "u8).AppendDecimal(value).AppendLine();
        }
        else
        {
            text.Append(" failed: "u8).Append(failure).AppendLine();
        }
    }

    /// <summary>Nothing is attached in the stack area but stacks, at the upper ends of its slots.</summary>
    private static bool IsBelowAStack(in CrashReport crash) =>
        crash.Outcome == FaultOutcome.NoRegion
        && crash.Detail >= UserLayout.StackAreaBase
        && crash.Detail - UserLayout.StackAreaBase < UserLayout.StackAreaSlots * UserLayout.StackSlotSize;

    private static ReadOnlySpan<byte> Access(FaultAccess access)
    {
        if ((access & FaultAccess.Write) != 0)
        {
            return "write to "u8;
        }
        return (access & FaultAccess.Execute) != 0 ? "jump to "u8 : "read of "u8;
    }

    private static ReadOnlySpan<byte> Reason(FaultOutcome outcome) =>
        outcome switch
        {
            FaultOutcome.NoRegion => "no region"u8,
            FaultOutcome.WriteViolation => "not writable"u8,
            FaultOutcome.ExecuteViolation => "not executable"u8,
            FaultOutcome.RecursionLimit => "too many region maps inside each other"u8,
            FaultOutcome.OutOfResources => "nothing left to map it with"u8,
            FaultOutcome.NotOfUserMode => "not by user mode"u8,
            FaultOutcome.ForeignFailed => "dataspace of another server is gone"u8,
            FaultOutcome.ForeignEmpty => "dataspace of another server has nothing there"u8,
            _ => "unresolved"u8,
        };

    /// <summary>Intel SDM vol. 3A, table 6-1.</summary>
    private static ReadOnlySpan<byte> Exception(ulong vector) =>
        vector switch
        {
            0 => "divide error"u8,
            1 => "debug exception"u8,
            3 => "breakpoint"u8,
            6 => "invalid opcode"u8,
            13 => "general protection (privileged instruction or bad address)"u8,
            16 => "x87 error"u8,
            17 => "alignment check"u8,
            19 => "SIMD error"u8,
            _ => "exception"u8,
        };
}
