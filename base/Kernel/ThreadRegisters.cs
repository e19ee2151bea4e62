using Skerry.Abi;

namespace Skerry.Base.Kernel;

/// <summary>What the kernel tells about a stopped thread.</summary>
public readonly struct ThreadRegisters(ulong instructionPointer, ulong stackPointer, ulong flags, ThreadState state)
{
    public ulong InstructionPointer { get; } = instructionPointer;

    public ulong StackPointer { get; } = stackPointer;

    /// <summary>rflags (Intel SDM vol. 1, 3.4.3).</summary>
    public ulong Flags { get; } = flags;

    public ThreadState State { get; } = state;
}
