using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>
/// Where a failed bounds check, overflow or null dereference goes. Nothing is thrown: each program links its own
/// <c>RuntimeFailure</c>, which in the kernel is the panic report and in a component ends the component.
/// </summary>
public static class ThrowHelpers
{
    [DoesNotReturn]
    public static void ThrowIndexOutOfRangeException() => Fail(FailureReason.IndexOutOfRange);

    [DoesNotReturn]
    public static void ThrowOverflowException() => Fail(FailureReason.Overflow);

    [DoesNotReturn]
    public static void ThrowDivideByZeroException() => Fail(FailureReason.DivideByZero);

    [DoesNotReturn]
    public static void ThrowNullReferenceException() => Fail(FailureReason.NullReference);

    [DoesNotReturn]
    public static void ThrowInvalidProgramException(int id) => Fail(FailureReason.InvalidProgram);

    [DoesNotReturn]
    public static void ThrowInvalidProgramExceptionWithArgument(int id, string argument) =>
        Fail(FailureReason.InvalidProgram);

    [DoesNotReturn]
    public static void ThrowFeatureBodyRemoved() => Fail(FailureReason.InvalidProgram);

    [DoesNotReturn]
    public static void ThrowInstanceBodyRemoved() => Fail(FailureReason.InvalidProgram);

    [DoesNotReturn]
    public static void ThrowBodyRemoved() => Fail(FailureReason.InvalidProgram);

    [DoesNotReturn]
    public static void ThrowUnavailableType() => Fail(FailureReason.InvalidProgram);

    [DoesNotReturn]
    public static void ThrowOutOfMemory() => Fail(FailureReason.OutOfMemory);

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(FailureReason reason)
    {
        RuntimeFailure((uint)reason);
        while (true) { }
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", RuntimeSymbols.RuntimeFailure)]
    private static extern void RuntimeFailure(uint reason);
}
