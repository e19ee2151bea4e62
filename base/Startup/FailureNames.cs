using System;
using Internal.Runtime.CompilerHelpers;

namespace Skerry.Base.Startup;

/// <summary>Why compiled code of a component gave up, in words.</summary>
public static class FailureNames
{
    /// <param name="exitValue">What a component ended with.</param>
    /// <returns>Nothing if it is a number of the component's own.</returns>
    public static ReadOnlySpan<byte> OfExit(ulong exitValue) =>
        exitValue > ExitValue.RuntimeFailure ? Of((FailureReason)(exitValue - ExitValue.RuntimeFailure)) : ""u8;

    /// <returns>Nothing if there is no such reason.</returns>
    public static ReadOnlySpan<byte> Of(FailureReason reason) =>
        reason switch
        {
            FailureReason.IndexOutOfRange => "index out of range"u8,
            FailureReason.Overflow => "arithmetic overflow"u8,
            FailureReason.DivideByZero => "division by zero"u8,
            FailureReason.NullReference => "null reference"u8,
            FailureReason.OutOfMemory => "out of memory"u8,
            FailureReason.InvalidProgram => "invalid program"u8,
            _ => ""u8,
        };
}
