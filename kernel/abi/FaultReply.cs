namespace Skerry.Abi;

/// <summary>
/// The label of an answer to a fault. Any other label, or none, lets the thread go on as it is: an instruction that
/// faulted is tried again, and so is a system call that became a fault.
/// </summary>
public static class FaultReply
{
    /// <summary>
    /// Sets registers and lets the thread go on. Length <see cref="RegisterWords.Short"/>: rip, rsp, rflags and rax;
    /// <see cref="RegisterWords.Count"/>: all. InvalidArgument for another length, InvalidAddress for a rip that is no
    /// user address; then nothing has changed and the thread still waits.
    /// </summary>
    public const ulong SetRegisters = 0xf100;
}
