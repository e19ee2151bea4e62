namespace Skerry.Abi;

/// <summary>What makes a breakpoint strike (R/W fields of DR7, Intel SDM vol. 3B, 18.2.4).</summary>
public enum BreakpointKind : uint
{
    /// <summary>Before the instruction at the address is executed; length 1.</summary>
    Execute = 0,

    /// <summary>After a write.</summary>
    Write = 1,

    /// <summary>After a read or a write.</summary>
    ReadWrite = 3,
}
