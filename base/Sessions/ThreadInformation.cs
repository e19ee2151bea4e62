using Skerry.Abi;

namespace Skerry.Base.Sessions;

/// <summary>The state of a thread as its CPU session sees it.</summary>
public readonly struct ThreadInformation(ulong instructionPointer, ulong stackPointer, ThreadState state)
{
    private readonly ulong _state = (ulong)state;

    public ulong InstructionPointer { get; } = instructionPointer;

    public ulong StackPointer { get; } = stackPointer;

    public ThreadState State => (ThreadState)_state;
}
