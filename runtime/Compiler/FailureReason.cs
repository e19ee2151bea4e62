namespace Internal.Runtime.CompilerHelpers;

/// <summary>Why compiled code gave up; the argument of every program's <c>RuntimeFailure</c>.</summary>
public enum FailureReason : uint
{
    IndexOutOfRange = 1,
    Overflow = 2,
    DivideByZero = 3,
    NullReference = 4,
    InvalidProgram = 5,

    /// <summary>A component's <c>new</c> found its account empty, and its parent gave no more.</summary>
    OutOfMemory = 6,
}
