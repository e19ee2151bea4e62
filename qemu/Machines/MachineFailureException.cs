using System;

namespace Skerry.Qemu.Machines;

/// <summary>A machine did not do what was asked of it. The message has its whole serial log.</summary>
public sealed class MachineFailureException(string message, MachineResult result) : Exception(message)
{
    public MachineResult Result { get; } = result;
}
